export type StreamedEvent = { name: string; data: string };

/**
 * Reads an event stream (text/event-stream, WHATWG HTML 9.2.6) as it arrives, in pieces that may end anywhere. Ids, retry
 * times and comments are left aside: the browser's own EventSource would ask anew after every end, so it is not used.
 *
 * @returns a function that takes the next piece of text and gives the events that it completes.
 */
export function eventStream(): (piece: string) => StreamedEvent[] {
  let kept = '';
  return (piece) => {
    const blocks = (kept + piece).split(/\r?\n\r?\n/);
    kept = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      const lines = block.split(/\r?\n/);
      const values = (field: string) =>
        lines
          .filter((line) => line.startsWith(`${field}:`))
          .map((line) => line.slice(field.length + 1).replace(/^ /, ''));
      const data = values('data');
      return data.length > 0 ? [{ name: values('event').at(-1) ?? 'message', data: data.join('\n') }] : [];
    });
  };
}
