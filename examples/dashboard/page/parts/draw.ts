import { render, type TemplateResult } from 'lit-html'
import { animationFrameScheduler, auditTime, type Observable, type Subscription } from 'rxjs'

/** Draws the newest of what comes, at most once a frame. */
export function draw(host: HTMLElement, template$: Observable<TemplateResult>): Subscription {
  return onFrame(template$, (template) => render(template, host))
}

/** Takes the newest of what comes, at most once a frame. */
export function onFrame<T>(source$: Observable<T>, take: (value: T) => void): Subscription {
  return source$.pipe(auditTime(0, animationFrameScheduler)).subscribe({
    next: take,
    error: (error: unknown) => {
      throw error
    },
  })
}
