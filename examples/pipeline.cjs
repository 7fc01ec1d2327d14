// One pipeline for both ways to answer queries: examples/pipeline-script.cjs, which an agent starts for each of them, and
// examples/resident-handler.ts, which is connected to an agent. The operators come from whoever runs it: `serfx/handler` starts
// faster than `serfx`. In TypeScript, types are in pipeline.d.cts.
exports.pipeline =
  ({ ofQuery, respond }) =>
  (events) =>
    events.pipe(
      ofQuery(/^(upcase|reverse)$/),
      respond((event) =>
        event.name === 'upcase' ? event.text.toUpperCase() : Array.from(event.text).reverse().join(''),
      ),
    )
