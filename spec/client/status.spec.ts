import { take } from 'rxjs'
import { type ClientStatus, LEGAL_MOVES, StatusBoard } from '../../lib/client/status'
import { observe } from '../support/observe/observed'

describe('status board', () => {
  it('tells a late watcher the current status, then each move, then completes with closed', () => {
    const board = new StatusBoard()
    board.move('connecting')
    const watched = observe(board.status$)
    board.move('ready')
    board.move('closed')
    expect(watched.values).toEqual(['connecting', 'ready', 'closed'])
    expect(watched.completed).toBe(true)
    expect(observe(board.status$)).toMatchObject({ values: ['closed'], completed: true })
  })

  it('does not repeat a status', () => {
    const board = new StatusBoard()
    const watched = observe(board.status$)
    board.move('idle')
    board.move('connecting')
    board.move('connecting')
    expect(watched.values).toEqual(['idle', 'connecting'])
  })

  it('refuses what is not drawn', () => {
    const statuses = Object.keys(LEGAL_MOVES) as ClientStatus[]
    const reach: Record<ClientStatus, ClientStatus[]> = {
      idle: [],
      connecting: ['connecting'],
      ready: ['connecting', 'ready'],
      reconnecting: ['connecting', 'ready', 'reconnecting'],
      closed: ['closed'],
    }
    for (const from of statuses) {
      for (const to of statuses.filter((status) => status !== from && !LEGAL_MOVES[from].includes(status))) {
        const board = new StatusBoard()
        for (const step of reach[from]) board.move(step)
        expect(() => board.move(to)).toThrow(`no way from ${from} to ${to}`)
      }
    }
  })

  it('shows every watcher all moves in order, also those made from within a callback', () => {
    const board = new StatusBoard()
    board.status$.subscribe((status) => {
      if (status === 'idle') board.move('connecting')
      if (status === 'connecting') board.move('ready')
    })
    const watched = observe(board.status$)
    board.status$.subscribe((status) => {
      if (status === 'reconnecting') board.move('closed')
    })
    const other = observe(board.status$)
    board.move('reconnecting')
    expect(watched.values).toEqual(['ready', 'reconnecting', 'closed'])
    expect(other.values).toEqual(['ready', 'reconnecting', 'closed'])
  })

  it('gives one who comes within a callback what is being shown, and then the rest', () => {
    const board = new StatusBoard()
    let late: ReturnType<typeof observe<ClientStatus>> | undefined
    board.status$.subscribe((status) => {
      if (status !== 'connecting') return
      board.move('ready')
      late = observe(board.status$)
    })
    board.move('connecting')
    expect(late?.values).toEqual(['connecting', 'ready'])
  })

  it('lets a watcher go after the first', () => {
    const board = new StatusBoard()
    const watched = observe(board.status$.pipe(take(1)))
    board.move('connecting')
    expect(watched).toMatchObject({ values: ['idle'], completed: true })
  })
})
