import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { caseJson, largestDifference } from '../testing/reference-cases.ts';
import { contiguityWeights } from './contiguity.ts';
import { assuncaoReisZ, marshallGlobal, marshallLocal, rateModel } from './empirical-bayes.ts';
import { weightsFromNeighbours } from './weights.ts';

const cases = Float64Array.of(4, 0, 40, 3, 25);
const population = Float64Array.of(100, 50, 300, 60, 200);
const weights = weightsFromNeighbours([[1, 2], [0], [0, 3], [2, 4], [3]]);

describe('empirical Bayes', () => {
  it('agrees with the formulas of spdep EBest, EBlocal and EBImoran, computed apart in numpy', () => {
    const model = rateModel(cases, population);
    expect(model.mean).toBeCloseTo(0.10140845070422536, 15);
    expect(model.variance).toBeCloseTo(0.0013519473649408185, 15);
    const global = [
      0.06631974623758087, 0.06084804616814203, 0.1269477322377645, 0.07856180239319213, 0.11856536895085991,
    ];
    expect(largestDifference(marshallGlobal(cases, population).estimates, global)).toBeLessThan(1e-14);
    const z = [
      -1.2624606352270764, -1.7442483505530688, 0.7765851839398125, -0.9320701812593979, 0.5471645854186648,
    ];
    expect(largestDifference(assuncaoReisZ(cases, population).z, z)).toBeLessThan(1e-14);
    const eachMean = [
      0.07148956073419585, 0.0053865336658354135, 0.1270857695826371, 0.10675475534049968,
      0.11666322165971087,
    ];
    expect(largestDifference(marshallLocal(cases, population, weights).estimates, eachMean)).toBeLessThan(
      1e-14,
    );
    const oneMean = [
      0.059003322259136216, 0.02666666666666667, 0.12627183787561147, 0.12142857142857143,
      0.11184759916492694,
    ];
    expect(
      largestDifference(marshallLocal(cases, population, weights, 'one-mean').estimates, oneMean),
    ).toBeLessThan(1e-14);
  });

  it('agrees with GeoDa (jsgeoda 0.2.3) on Columbus, globally and over neighbours', async () => {
    const geoda = await (createRequire(import.meta.url)('jsgeoda') as { New: () => Promise<Peer> }).New();
    const map = caseJson<{ features: { geometry: { coordinates: number[][][] } }[] }>(
      'columbus/columbus.geojson',
    );
    const text = new TextEncoder().encode(JSON.stringify(map));
    const peerWeights = geoda.getQueenWeights(geoda.readGeoJSON(text.buffer as ArrayBuffer));
    const counts = Float64Array.from({ length: 49 }, (_, i) => (i * i * 13 + 5 * i) % 41);
    const people = Float64Array.from({ length: 49 }, (_, i) => 500 + 37 * ((i * 29) % 49));
    const queen = contiguityWeights(
      map.features.map((feature) => feature.geometry.coordinates),
      'queen',
      1e-6,
    );
    // Its two arguments are the other way round than its documentation says.
    const global = geoda.empiricalBayesRisk([...people], [...counts]);
    expect(largestDifference(marshallGlobal(counts, people).estimates, global)).toBeLessThan(1e-12);
    const local = geoda.spatialEmpiricalBayes(peerWeights, [...counts], [...people]);
    expect(largestDifference(marshallLocal(counts, people, queen, 'one-mean').estimates, local)).toBeLessThan(
      1e-12,
    );
    expect(
      largestDifference(marshallLocal(counts, people, queen, 'each-mean').estimates, local),
    ).toBeGreaterThan(1e-4);
  });

  it('gives the mean where chance alone explains the spread, never NaN', () => {
    const even = marshallGlobal(Float64Array.of(1, 2, 3), Float64Array.of(100, 200, 300));
    expect(even.model).toEqual({ mean: 0.01, variance: 0 });
    expect(Array.from(even.estimates)).toEqual([0.01, 0.01, 0.01]);
    const none = new Float64Array(3);
    expect(Array.from(marshallGlobal(none, Float64Array.of(5, 6, 7)).estimates)).toEqual([0, 0, 0]);
    const line = weightsFromNeighbours([[1], [0, 2], [1]]);
    expect(Array.from(marshallLocal(none, Float64Array.of(5, 6, 7), line).estimates)).toEqual([0, 0, 0]);
    expect(() => assuncaoReisZ(none, Float64Array.of(5, 6, 7))).toThrow(/no cases/);
  });

  it('leaves an island its raw rate', () => {
    const { estimates } = marshallLocal(cases, population, weightsFromNeighbours([[], [2], [1], [4], [3]]));
    expect(estimates[0]).toBeCloseTo(0.04, 15);
  });

  it('gives rates of small populations less weight: the same rate is drawn further and is less extreme', () => {
    const counts = Float64Array.of(2, 200, 20, 300, 100);
    const people = Float64Array.of(10, 1000, 1000, 1000, 1000);
    const { estimates, model } = marshallGlobal(counts, people);
    expect(Math.abs(estimates[0]! - model.mean)).toBeLessThan(Math.abs(estimates[1]! - model.mean));
    const { z } = assuncaoReisZ(counts, people);
    expect(z[0]).toBeGreaterThan(0);
    expect(z[0]).toBeLessThan(z[1]!);
  });
});

type Peer = {
  readGeoJSON(data: ArrayBuffer): string;
  getQueenWeights(map: string): unknown;
  empiricalBayesRisk(population: number[], cases: number[]): number[];
  spatialEmpiricalBayes(weights: unknown, cases: number[], population: number[]): number[];
};
