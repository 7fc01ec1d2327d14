/**
 * The events among `E` that can be of type `T`: `Extract<E, { type: T }>`, and also what `Extract` misses, an event whose
 * `type` is several words, such as the member event. That one is kept and its `type` narrowed to `T`.
 */
export type EventOfType<E extends { type: string }, T extends string> = E extends unknown
  ? E['type'] extends T
    ? E
    : [Extract<E['type'], T>] extends [never]
      ? never
      : E & { type: Extract<E['type'], T> }
  : never
