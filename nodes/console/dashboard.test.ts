import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Node } from 'node-red'
import { type DashboardGroup, showInGroup } from './dashboard.ts'

describe('showInGroup', () => {
  const node = Object.assign(new EventEmitter(), { id: 'w1', type: 'linhaviva-ui-test' }) as unknown as Node
  const emitted: unknown[] = []
  const kept: unknown[] = []
  let registered: { widget: Node; properties: Record<string, unknown>; handlers: Record<string, unknown> }
  const group = {
    register: (widget: Node, properties: Record<string, unknown>, handlers: Record<string, unknown>) =>
      (registered = { widget, properties, handlers }),
    getBase: () => ({
      emit: (...sent: unknown[]) => emitted.push(sent),
      stores: { data: { save: (_base: unknown, widget: Node, message: object) => kept.push([widget, message]) } },
    }),
  } as unknown as DashboardGroup
  const show = showInGroup(group, node, { width: 12 })

  it('tells Dashboard what the widget is', () =>
    assert.deepEqual(registered.properties, { width: 12, id: 'w1', type: 'linhaviva-ui-test' }))

  it('lets Dashboard hear of the close, not of the input', () => {
    const heard: string[] = []
    registered.widget.on('input', () => heard.push('input'))
    registered.widget.on('close', () => heard.push('close'))
    node.emit(
      'input',
      {},
      () => undefined,
      () => undefined,
    )
    node.emit('close')
    assert.deepEqual(heard, ['close'])
  })

  it('sends to the pages that are open, and keeps it for those opened later', () => {
    const message = { topic: '', payload: { a: 1 }, sentAt: 5 }
    show(message)
    assert.deepEqual(emitted, [['msg-input:w1', message, node]])
    assert.deepEqual(kept, [[node, message]])
  })
})
