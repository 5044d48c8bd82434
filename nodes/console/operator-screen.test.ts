import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { emptyPage, fakeGroup, helper, nodeRed, type Page } from './dashboard-group.fixture.ts'
import register from './operator-screen.ts'
import { screens } from './screens.ts'

const screenNode = {
  id: 'screen',
  type: 'linhaviva-ui-operator-screen',
  z: 'tab',
  group: 'group',
  wires: [],
  x: 1,
  y: 1,
}
const flowOf = (config: object): object[] => [
  { id: 'tab', type: 'tab' },
  { id: 'group', type: 'ui-group', z: 'tab' },
  { ...screenNode, screen: 'alarms', width: 12, height: 1, order: 1, className: '', ...config },
  { id: 'catch', type: 'catch', z: 'tab', scope: ['screen'], wires: [['caught']], x: 1, y: 1 },
  { id: 'caught', type: 'helper', z: 'tab', x: 1, y: 1 },
]

describe('linhaviva-ui-operator-screen', () => {
  let page: Page
  before((done) => {
    helper.init(nodeRed)
    helper.startServer(done)
  })
  after((done) => void helper.stopServer(done))
  afterEach(() => helper.unload())

  const load = async (config: object = {}): Promise<void> => {
    page = emptyPage()
    await helper.load([fakeGroup(page), register], flowOf(config))
  }

  for (const screen of screens)
    it(`tells the page that it is to be ${screen}, and hears nothing from it`, async () => {
      await load({ screen })
      assert.deepEqual([page.properties['screen'], page.properties['group']], [screen, 'group'])
      for (const handler of Object.values(page.handlers)) assert.equal(handler({ payload: 'x' }), undefined)
      assert.deepEqual([page.inputsHeard, page.sent], [0, []])
    })

  for (const config of [{ screen: 'kitchen' }, { screen: undefined }, { group: 'gone' }])
    it(`shows nothing with ${JSON.stringify(config)}`, async () => {
      await load(config)
      assert.deepEqual(page.properties, {})
    })

  it('offers in the editor what there is', () => {
    const html = readFileSync(new URL('operator-screen.html', import.meta.url), 'utf8')
    const offered = [...html.matchAll(/^ +(\w+): 'operator-screen\.screen\.(\w+)',$/gm)]
    assert.deepEqual(
      offered.map(([, screen, key]) => [screen, key]),
      screens.map((screen) => [screen, screen]),
    )
  })
})
