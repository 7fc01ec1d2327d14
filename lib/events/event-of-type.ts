/**
 * The events of `E` that can be of type `T`. Unlike `Extract<E, { type: T }>`, it also keeps an event whose
 * `type` is a union, such as the member event, and narrows that `type` to `T`.
 */
export type EventOfType<E extends { type: string }, T extends string> = E extends unknown
  ? E['type'] extends T
    ? E
    : [Extract<E['type'], T>] extends [never]
      ? never
      : E & { type: Extract<E['type'], T> }
  : never
