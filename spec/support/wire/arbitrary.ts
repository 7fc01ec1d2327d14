import fc from 'fast-check'
import type { Packable } from './pack'

const anyKey = fc.oneof(
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.constantFrom('__proto__', 'Name', 'Seq', ''),
)

/** Any value that MessagePack without extensions can carry, as a message of limited size. */
export const anyMessage: fc.Arbitrary<Packable> = fc.letrec<{ value: Packable }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ maxLength: 300, unit: 'binary' }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(anyKey, tie('value'), { maxKeys: 20 }),
  ),
})).value

export const anyText: fc.Arbitrary<string> = fc.string({ maxLength: 60, unit: 'binary' })

const anyTags = fc.dictionary(fc.oneof(anyText, fc.constant('__proto__')), anyText, { maxKeys: 4 })

/** A member as an agent sends it. */
export const anyWireMember: fc.Arbitrary<{ [key: string]: Packable }> = fc.record({
  Addr: fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  ),
  DelegateCur: fc.nat(255),
  DelegateMax: fc.nat(255),
  DelegateMin: fc.nat(255),
  Name: anyText,
  Port: fc.nat(65535),
  ProtocolCur: fc.nat(255),
  ProtocolMax: fc.nat(255),
  ProtocolMin: fc.nat(255),
  Status: fc.constantFrom('none', 'alive', 'leaving', 'left', 'failed'),
  Tags: anyTags,
})
