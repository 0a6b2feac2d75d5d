/**
 * A key that makes a repeated send one row. Made once for what is filled in, not once for each press of the button.
 * Not `crypto.randomUUID`, which browsers keep from pages of an intranet served over plain HTTP.
 */
export const newIdempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
