import { Observable } from 'rxjs'

/** Completes in the next turn of the event loop, after what has already arrived at a socket was read. */
export const nextTurn$ = new Observable<never>((subscriber) => {
  const turn = setImmediate(() => subscriber.complete())
  return () => clearImmediate(turn)
})
