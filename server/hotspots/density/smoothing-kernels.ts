/**
 * Radially symmetric smoothing kernels in the plane, each integrating to 1, all parameterised by σ, the standard
 * deviation along one axis, so that surfaces of different kernels are comparable.
 *
 *   gaussian       k(r) = exp(−r²/2σ²)/(2πσ²)
 *   quartic        k(r) = 3/(πR²)·(1 − r²/R²)²  for r < R = √8·σ
 *   epanechnikov   k(r) = 2/(πR²)·(1 − r²/R²)   for r < R = √6·σ
 *
 * Silverman (1986), Density Estimation for Statistics and Data Analysis, section 4.2.
 */
export type KernelName = 'gaussian' | 'quartic' | 'epanechnikov';

export const KERNEL_NAMES: readonly KernelName[] = ['gaussian', 'quartic', 'epanechnikov'];

/** Beyond this many σ a Gaussian is below 1.3e-14 of its peak. */
export const GAUSSIAN_REACH = 8;

/** The distance beyond which the kernel is zero (for the Gaussian: is taken to be). */
export function kernelReach(kernel: KernelName, sigma: number): number {
  if (kernel === 'gaussian') return GAUSSIAN_REACH * sigma;
  return kernel === 'quartic' ? Math.SQRT2 * 2 * sigma : Math.sqrt(6) * sigma;
}

/** The value at distance zero. */
export function kernelPeak(kernel: KernelName, sigma: number): number {
  if (kernel === 'gaussian') return 1 / (2 * Math.PI * sigma * sigma);
  const reach = kernelReach(kernel, sigma);
  return (kernel === 'quartic' ? 3 : 2) / (Math.PI * reach * reach);
}

/** The value at a squared distance. */
export function kernelAt(kernel: KernelName, sigma: number, squaredDistance: number): number {
  if (kernel === 'gaussian') {
    return kernelPeak(kernel, sigma) * Math.exp(-squaredDistance / (2 * sigma * sigma));
  }
  const reach = kernelReach(kernel, sigma);
  const rest = 1 - squaredDistance / (reach * reach);
  if (rest <= 0) return 0;
  return kernelPeak(kernel, sigma) * (kernel === 'quartic' ? rest * rest : rest);
}
