#!/usr/bin/env node
// An agent starts this file for each query `upcase`, and sends its answer:
//
//   serf agent -event-handler "query:upcase=$PWD/examples/script-handler.mjs"
//   serf query -no-ack upcase foo
//
// Without an agent: echo foo | SERF_EVENT=query SERF_QUERY_NAME=upcase examples/script-handler.mjs
import { events$, ofQuery, respond } from 'serfx/handler'

events$
  .pipe(
    ofQuery('upcase'),
    respond((event) => event.text.toUpperCase()),
  )
  .subscribe()
