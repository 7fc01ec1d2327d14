const { readFileSync, writeSync } = require('node:fs')
const { defer, filter, map } = require('rxjs')

defer(() => [{ name: process.env.SERF_QUERY_NAME, text: readFileSync(0, 'utf8').replace(/\n$/, '') }])
  .pipe(
    filter((event) => event.name === 'upcase'),
    map((event) => writeSync(1, event.text.toUpperCase())),
  )
  .subscribe()
