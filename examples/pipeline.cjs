// One pipeline for both ways to answer queries: an agent starts examples/pipeline-script.cjs for each query,
// and examples/resident-handler.ts stays connected to an agent. Each passes in its own operators, because
// `serfx/handler` starts faster than `serfx`. The types for TypeScript are in pipeline.d.cts.
exports.pipeline =
  ({ ofQuery, respond }, options = {}) =>
  (events) =>
    events.pipe(
      ofQuery(/^(upcase|reverse)$/),
      respond(
        (event) =>
          event.name === 'upcase' ? event.text.toUpperCase() : Array.from(event.text).reverse().join(''),
        options,
      ),
    )
