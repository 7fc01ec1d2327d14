#!/usr/bin/env node
// Like script-handler.mjs, but in CommonJS, which starts some milliseconds faster, and for several events:
//
//   serf agent -event-handler "$PWD/examples/script-handler.cjs"
//   serf query -no-ack upcase foo
//   serf event deploy v1.2.3
const { appendFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { events$, ofMember, ofQuery, ofUser, respond } = require('serfx/handler')

const log = (line) => appendFileSync(join(tmpdir(), 'script-handler.log'), `${line}\n`)

events$
  .pipe(
    ofQuery('upcase'),
    respond((event) => event.text.toUpperCase(), { onError: (error) => `failed: ${error.message}` }),
  )
  .subscribe()

events$.pipe(ofUser('deploy')).subscribe((event) => log(`${event.self.name} deploys ${event.text}`))

events$.pipe(ofMember('member-failed')).subscribe((event) => {
  for (const member of event.members) log(`${event.self.name} lost ${member.name} at ${member.addr}`)
})
