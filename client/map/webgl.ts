let answer: boolean | undefined;

/** Whether this browser gives a WebGL 2 context, which MapLibre needs; asked once, since contexts are few. */
export function hasWebgl(): boolean {
  answer ??= tryContext();
  return answer;
}

function tryContext(): boolean {
  try {
    const context = document.createElement('canvas').getContext('webgl2');
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}
