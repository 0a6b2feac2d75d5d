import { AsyncLocalStorage } from 'node:async_hooks';

/** Whoever asked has been answered that it took too long: nothing more is asked of the database for it. */
export class RequestEnded extends Error {
  override name = 'RequestEnded';
  constructor() {
    super('the request had ended before its work did');
  }
}

const signals = new AsyncLocalStorage<AbortSignal>();

/** Runs work whose transactions end when the signal does. */
export const endingWith = <Result>(signal: AbortSignal, work: () => Result): Result =>
  signals.run(signal, work);

/** The signal of the request that is being worked for; none on the server's own errands and on the command line. */
export const requestSignal = (): AbortSignal | undefined => signals.getStore();
