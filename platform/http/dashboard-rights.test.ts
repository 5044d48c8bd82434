import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Identity } from '../access/identity.ts'
import type { Role } from '../access/roles.ts'
import { judge, maySeeWidget, visibleOf, type Widget } from './dashboard-rights.ts'

const somebody = (role: Role): Identity => ({
  ...{ username: role, role, sessionId: role, expiresAt: 0, sessionEndsAt: 0 },
})
const widget = (type: string, group: string, className = '', events: string[] = []): Widget => ({
  type,
  props: { group, className },
  hooks: events.length > 0 ? { onSocket: Object.fromEntries(events.map((name) => [name, () => undefined])) } : {},
})

const config = {
  dashboards: { base: { path: '/dashboard', _users: ['field', 'users'] } },
  pages: {
    field: { className: 'wide' },
    users: { className: 'dark see-administer' },
    typo: { className: 'see-operates' },
  },
  groups: {
    overview: { page: 'field' },
    orders: { page: 'field', className: 'see-operate' },
    accounts: { page: 'users' },
    misspelt: { page: 'typo' },
  },
  widgets: {
    button: widget('ui-button', 'overview'),
    filter: widget('ui-dropdown', 'overview', 'send-read'),
    deploy: widget('ui-button', 'overview', 'send-edit-flows'),
    secret: widget('ui-text', 'overview', 'see-personal'),
    order: widget('ui-button', 'orders'),
    account: widget('ui-button', 'accounts'),
    nobodys: widget('ui-button', 'misspelt'),
    events: { ...widget('ui-event', '', '', ['ui-event', 'connection']), props: {} },
  } as Record<string, Widget>,
}
const shown = {
  pages: new Map(Object.entries(config.pages)),
  groups: new Map(Object.entries(config.groups)),
  widgets: new Map(Object.entries(config.widgets)),
}

describe('who may send by a widget', () => {
  for (const [role, id, passes] of [
    ['viewer', 'button', false],
    ['operator', 'button', true],
    ['engineer', 'button', true],
    ['viewer', 'filter', true],
    ['operator', 'deploy', false],
    ['engineer', 'deploy', true],
    ['operator', 'secret', true],
    ['engineer', 'secret', false],
    ['viewer', 'order', false],
    ['operator', 'order', true],
    ['operator', 'account', false],
    ['admin', 'account', true],
    ['admin', 'nobodys', false],
  ] as const)
    for (const event of ['widget-action', 'widget-change', 'widget-send'])
      it(`${role} ${passes ? 'may' : 'may not'} send ${event} by ${id}`, () => {
        const verdict = judge(shown, somebody(role), event, id)
        assert.equal(verdict.passes, passes)
        if (!verdict.passes) assert.match(verdict.why!, new RegExp(`^${role} may not`))
      })
})

describe('what a browser may say at all', () => {
  for (const [event, id, why] of [
    ['widget-send', 'inject-1', 'is no widget of a dashboard'],
    ['widget-action', '__proto__', 'is no widget of a dashboard'],
    ['widget-change', { id: 'button' }, 'names no widget'],
    ['widget-load', undefined, 'names no widget'],
    ['widget-load', 'inject-1', 'is no widget of a dashboard'],
    ['disconnect', 'button', 'no event of a dashboard'],
    ['connection', 'events', 'no event of a dashboard'],
    ['toString', 'events', 'no event of a dashboard'],
    ['anything', 'button', 'no event of a dashboard'],
    ['ui-event', 'button', 'does not hear ui-event'],
  ] as const)
    it(`not ${event} about ${JSON.stringify(id)}, whoever says it`, () =>
      assert.deepEqual(judge(shown, somebody('admin'), event, id), { passes: false, why }))

  it('what its page asks for by itself: the state of what it shows', () => {
    assert.ok(judge(shown, somebody('viewer'), 'widget-load', 'button').passes)
    assert.ok(judge(shown, somebody('viewer'), 'widget-load', 'ui-notification').passes)
    assert.ok(!judge(shown, somebody('viewer'), 'widget-load', 'order').passes)
  })

  it('where it is, if who looks may send; of others that is dropped in silence', () => {
    for (const id of ['events', 'all']) {
      assert.ok(judge(shown, somebody('operator'), 'ui-event', id).passes)
      assert.deepEqual(judge(shown, somebody('viewer'), 'ui-event', id), { passes: false })
    }
  })
})

describe('what somebody is shown', () => {
  const namesFor = (role: Role): string[] => {
    const { pages, groups, widgets } = visibleOf(config, somebody(role))
    return [...Object.keys(pages), ...Object.keys(groups), ...Object.keys(widgets)]
  }
  const forAll = ['field', 'overview', 'button', 'filter', 'deploy', 'events']
  it('is what every user may see, and what needs a right that the role has', () => {
    assert.deepEqual(namesFor('viewer').sort(), [...forAll].sort())
    assert.deepEqual(namesFor('operator').sort(), [...forAll, 'orders', 'order', 'secret'].sort())
    assert.deepEqual(namesFor('engineer').sort(), [...forAll, 'orders', 'order'].sort())
    assert.deepEqual(
      namesFor('admin').sort(),
      [...forAll, 'orders', 'order', 'secret', 'users', 'accounts', 'account'].sort(),
    )
  })

  it('does not name what it does not show', () =>
    assert.doesNotMatch(JSON.stringify(visibleOf(config, somebody('viewer'))), /users|accounts?|orders?|secret/))

  it('leaves the configuration as it is for others', () => {
    visibleOf(config, somebody('viewer'))
    assert.equal(Object.keys(config.pages).length, 3)
  })

  it('hears of a widget only whoever sees it', () => {
    assert.ok(maySeeWidget(shown, somebody('viewer'), 'button'))
    assert.ok(!maySeeWidget(shown, somebody('viewer'), 'order'))
    assert.ok(!maySeeWidget(shown, somebody('admin'), 'no-widget'))
  })
})
