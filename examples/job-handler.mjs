#!/usr/bin/env node
// A job of five minutes that outlives the handler that starts it:
//
//   serf agent -event-handler "query:bash_test=$PWD/examples/job-handler.mjs"
//   serf query -no-ack bash_test start       and then check, kill, reap
//
// Its state and its output are kept in $JOB_FOLDER, by default ~/.serfx-jobs. Only its owner may write to
// that folder, because a state file says which process `kill` ends.
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { events$, ofQuery, respond } from 'serfx/handler'
import { AsyncJob, jobControl } from 'serfx/jobs'

const folder = process.env.JOB_FOLDER ?? join(homedir(), '.serfx-jobs')
mkdirSync(folder, { recursive: true, mode: 0o700 })

const job = new AsyncJob({
  name: 'bash_test',
  command: ['bash', '-c', 'for i in $(seq 1 300); do echo $i; sleep 1; done'],
  state: join(folder, 'bash_test.json'),
  stdout: join(folder, 'bash_test.log'),
})

events$.pipe(ofQuery('bash_test'), respond(jobControl(job))).subscribe()
