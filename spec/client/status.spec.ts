import { take } from 'rxjs'
import { type ClientStatus, LEGAL_TRANSITIONS, StatusMachine } from '../../lib/client/status'
import { observe } from '../support/observe/recording'

describe('status', () => {
  it('emits the current status to a late subscriber, then each transition, and completes with closed', () => {
    const machine = new StatusMachine()
    machine.transition('connecting')
    const watched = observe(machine.status$)
    machine.transition('ready')
    machine.transition('closed')
    expect(watched.values).toEqual(['connecting', 'ready', 'closed'])
    expect(watched.completed).toBe(true)
    expect(observe(machine.status$)).toMatchObject({ values: ['closed'], completed: true })
  })

  it('does not repeat a status', () => {
    const machine = new StatusMachine()
    const watched = observe(machine.status$)
    machine.transition('idle')
    machine.transition('connecting')
    machine.transition('connecting')
    expect(watched.values).toEqual(['idle', 'connecting'])
  })

  it('refuses a transition that is not legal', () => {
    const statuses = Object.keys(LEGAL_TRANSITIONS) as ClientStatus[]
    const reach: Record<ClientStatus, ClientStatus[]> = {
      idle: [],
      connecting: ['connecting'],
      ready: ['connecting', 'ready'],
      reconnecting: ['connecting', 'ready', 'reconnecting'],
      closed: ['closed'],
    }
    for (const from of statuses) {
      for (const to of statuses.filter(
        (status) => status !== from && !LEGAL_TRANSITIONS[from].includes(status),
      )) {
        const machine = new StatusMachine()
        for (const step of reach[from]) machine.transition(step)
        expect(() => machine.transition(to)).toThrow(`no transition from ${from} to ${to}`)
      }
    }
  })

  it('emits all transitions in order to every subscriber, also those made within a callback', () => {
    const machine = new StatusMachine()
    machine.status$.subscribe((status) => {
      if (status === 'idle') machine.transition('connecting')
      if (status === 'connecting') machine.transition('ready')
    })
    const watched = observe(machine.status$)
    machine.status$.subscribe((status) => {
      if (status === 'reconnecting') machine.transition('closed')
    })
    const other = observe(machine.status$)
    machine.transition('reconnecting')
    expect(watched.values).toEqual(['ready', 'reconnecting', 'closed'])
    expect(other.values).toEqual(['ready', 'reconnecting', 'closed'])
  })

  it('emits the status that is being emitted to a subscriber within a callback, and then the rest', () => {
    const machine = new StatusMachine()
    let late: ReturnType<typeof observe<ClientStatus>> | undefined
    machine.status$.subscribe((status) => {
      if (status !== 'connecting') return
      machine.transition('ready')
      late = observe(machine.status$)
    })
    machine.transition('connecting')
    expect(late?.values).toEqual(['connecting', 'ready'])
  })

  it('can be unsubscribed after the first status', () => {
    const machine = new StatusMachine()
    const watched = observe(machine.status$.pipe(take(1)))
    machine.transition('connecting')
    expect(watched).toMatchObject({ values: ['idle'], completed: true })
  })
})
