import { bodyFollows, type Command, COMMANDS, isCommandName } from '../../lib/protocol/commands'
import { adviceFor, codeOf } from '../../lib/protocol/limits'

function namesWhere(holds: (traits: Command) => boolean): string[] {
  return Object.entries<Command>(COMMANDS)
    .filter(([, traits]) => holds(traits))
    .map(([name]) => name)
}

describe('the commands', () => {
  it('are twenty', () => {
    expect(Object.keys(COMMANDS).sort()).toEqual([
      'auth',
      'event',
      'force-leave',
      'get-coordinate',
      'handshake',
      'install-key',
      'join',
      'leave',
      'list-keys',
      'members',
      'members-filtered',
      'monitor',
      'query',
      'remove-key',
      'respond',
      'stats',
      'stop',
      'stream',
      'tags',
      'use-key',
    ])
  })

  it('are known by their own names alone', () => {
    expect(isCommandName('members-filtered')).toBe(true)
    for (const name of ['membersFiltered', 'Members', 'toString', '__proto__', ''])
      expect(isCommandName(name)).toBe(false)
  })

  it.each([
    ['again', ['members', 'members-filtered', 'list-keys', 'stats', 'get-coordinate']],
    ['resubscribe', ['stream', 'monitor']],
  ])(
    'go %s after a loss where they only read, are set up again where they are endless',
    (afterLoss, names) => {
      expect(namesWhere((traits) => traits.afterLoss === afterLoss)).toEqual(names)
    },
  )

  it('travel alone where they hold up or break others, with more time where they wait for other nodes', () => {
    const slow = ['force-leave', 'join', 'leave', 'install-key', 'use-key', 'remove-key', 'list-keys']
    expect(namesWhere(({ limit }) => limit === 'others').sort()).toEqual([...slow].sort())
    expect(namesWhere(({ ownConnection }) => ownConnection === 'always').sort()).toEqual(
      [...slow, 'monitor'].sort(),
    )
    expect(namesWhere(({ ownConnection }) => ownConnection === 'risky')).toEqual(['members-filtered'])
  })

  it('have a body in their reply as the agent has it', () => {
    const follows = (name: keyof typeof COMMANDS, error: string) => bodyFollows(COMMANDS[name].reply, error)
    for (const name of ['members', 'members-filtered', 'stats', 'get-coordinate'] as const) {
      expect(follows(name, '')).toBe(true)
      expect(follows(name, 'any error')).toBe(false)
    }
    for (const name of ['join', 'install-key', 'use-key', 'remove-key', 'list-keys'] as const) {
      expect(follows(name, '')).toBe(true)
      expect(follows(name, 'any error')).toBe(true)
      expect(follows(name, 'Authentication required')).toBe(false)
      expect(follows(name, 'Handshake required')).toBe(false)
    }
    for (const name of [
      'handshake',
      'auth',
      'event',
      'force-leave',
      'stop',
      'leave',
      'tags',
      'respond',
      'stream',
      'monitor',
      'query',
    ] as const) {
      expect(follows(name, '')).toBe(false)
      expect(follows(name, 'any error')).toBe(false)
    }
  })
})

describe("the agent's words", () => {
  it.each([
    ['Authentication required', 'AUTH_REQUIRED'],
    ['Invalid authentication token', 'INVALID_AUTH_TOKEN'],
    ['Handshake required', 'HANDSHAKE_REQUIRED'],
    ['Monitor already exists', 'MONITOR_EXISTS'],
    ['Invalid event filter', 'INVALID_FILTER'],
    ['No pending queries matching ID', 'INVALID_QUERY_ID'],
    ['Unsupported command', 'UNSUPPORTED_COMMAND'],
    ['1 error occurred:\n\t* Failed to join', 'AGENT_ERROR'],
    ['toString', 'AGENT_ERROR'],
    ['', 'AGENT_ERROR'],
  ] as const)('%j are the code %s', (text, code) => {
    expect(codeOf(text)).toBe(code)
    expect(adviceFor(code) === undefined).toBe(code === 'AGENT_ERROR')
  })
})
