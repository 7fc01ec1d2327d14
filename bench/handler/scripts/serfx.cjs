const { events$, ofQuery, respond } = require('serfx/handler')

events$
  .pipe(
    ofQuery('upcase'),
    respond((event) => event.text.toUpperCase()),
  )
  .subscribe()
