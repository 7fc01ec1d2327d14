import { Observable, repeat, timer } from 'rxjs'
import type { Update } from '../../messages'

/** Whether the server sends anything. */
export type Link = { link: 'live' | 'lost' }

/** Longer than the server is ever silent, in ms. */
const SILENCE = 12_000
const TRY_AGAIN = 1_000

/** The messages of the server; `lost` when it is gone. Reconnects until it is back. */
export function updatesOf(url: string): Observable<Update | Link> {
  return new Observable<Update | Link>((subscriber) => {
    const source = new EventSource(url)
    const lost = () => {
      subscriber.next({ link: 'lost' })
      subscriber.complete()
    }
    let silence = setTimeout(lost, SILENCE)
    source.onopen = () => subscriber.next({ link: 'live' })
    source.onmessage = ({ data }: MessageEvent<string>) => {
      clearTimeout(silence)
      silence = setTimeout(lost, SILENCE)
      subscriber.next(JSON.parse(data) as Update)
    }
    source.onerror = lost
    return () => {
      clearTimeout(silence)
      source.close()
    }
  }).pipe(repeat({ delay: () => timer(TRY_AGAIN) }))
}
