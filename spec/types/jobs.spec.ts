import { expectTypeOf } from 'expect-type'
import type { Observable } from 'rxjs'
import { AsyncJob, jobControl, type AsyncJobOptions, type JobState } from 'serfx/jobs'

const job = new AsyncJob({ command: ['sleep', '300'], state: '/tmp/serfx-type-spec.json' })

it('has the types that API.md promises', () => {
  expectTypeOf<AsyncJob['start']>().toEqualTypeOf<() => 'success' | 'failed'>()
  expectTypeOf<AsyncJob['kill']>().toEqualTypeOf<(signal?: NodeJS.Signals) => 'success' | 'failed'>()
  expectTypeOf<AsyncJob['reap']>().returns.toEqualTypeOf<'success' | 'failed'>()
  expectTypeOf<AsyncJob['stateInfo']>().returns.toEqualTypeOf<string>()
  expectTypeOf<AsyncJob['state']>().returns.toEqualTypeOf<JobState>()
  expectTypeOf<AsyncJob['watch']>().returns.toEqualTypeOf<Observable<JobState>>()
  expectTypeOf(jobControl).parameters.toEqualTypeOf<[AsyncJob]>()
  expectTypeOf(jobControl).returns.toEqualTypeOf<(event: { text: string }) => string>()
  expectTypeOf<JobState['status']>().toEqualTypeOf<
    'absent' | 'invoking' | 'running' | 'finished' | 'failed' | 'lost'
  >()
  expectTypeOf<JobState['pid']>().toEqualTypeOf<number | undefined>()
})

it('refuses what cannot be right', () => {
  expectTypeOf<{ command: string; state: string }>().toExtend<AsyncJobOptions>()
  expectTypeOf<{ command: readonly ['a', 'b']; state: string }>().toExtend<AsyncJobOptions>()
  expectTypeOf<{ command: []; state: string }>().not.toExtend<AsyncJobOptions>()
  expectTypeOf<{ command: string }>().not.toExtend<AsyncJobOptions>()
  // @ts-expect-error: no such signal
  expect(() => job.kill('SIGNOT')).toThrow(TypeError)
})
