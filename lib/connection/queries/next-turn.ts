import { Observable } from 'rxjs'

/**
 * Completes in the next turn of the event loop, after everything that has arrived at a socket has been read.
 */
export const nextTurn$ = new Observable<never>((subscriber) => {
  const turn = setImmediate(() => subscriber.complete())
  return () => clearImmediate(turn)
})
