#!/usr/bin/env node
// The pipeline of examples/pipeline.cjs as a script that an agent starts for each query:
//
//   serf agent -event-handler "query=$PWD/examples/pipeline-script.cjs"
//   serf query -no-ack reverse foo
const { events$, ofQuery, respond } = require('serfx/handler')
const { pipeline } = require('./pipeline.cjs')

pipeline({ ofQuery, respond })(events$).subscribe()
