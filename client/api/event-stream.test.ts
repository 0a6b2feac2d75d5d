import { describe, expect, it } from 'vitest';
import { eventStream, type StreamedEvent } from './event-stream.ts';

const text =
  'event: progress\ndata: {"share":0.5}\n\n: a comment\n\nevent: result\ndata: {"a":1,\ndata: "b":2}\n\ndata:plain\n\n';
const events: StreamedEvent[] = [
  { name: 'progress', data: '{"share":0.5}' },
  { name: 'result', data: '{"a":1,\n"b":2}' },
  { name: 'message', data: 'plain' },
];

describe('an event stream', () => {
  it('gives the same events wherever its pieces are cut', () => {
    for (let size = 1; size <= text.length; size += 1) {
      const read = eventStream();
      const found: StreamedEvent[] = [];
      for (let at = 0; at < text.length; at += size) found.push(...read(text.slice(at, at + size)));
      expect([size, found]).toEqual([size, events]);
    }
  });

  it('takes lines that end in CR LF', () => {
    expect(eventStream()(text.replaceAll('\n', '\r\n'))).toEqual(events);
  });

  it('keeps back what is not complete', () => {
    const read = eventStream();
    expect(read('event: result\ndata: 1\n')).toEqual([]);
    expect(read('\n')).toEqual([{ name: 'result', data: '1' }]);
  });
});
