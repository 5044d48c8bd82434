import assert from 'node:assert/strict'
import { consoleAddress, dashboardAddress, linkToConsole, menuOfDashboards } from './links.ts'
import { both } from './words.ts'

describe('links', () => {
  it('between dashboards keep the time', () =>
    assert.equal(
      dashboardAddress('device', { device: '${__value.text}' }),
      '/d/linhaviva-device?${__url_time_range}&var-device=${__value.text}',
    ))

  it('to the console begin where it stands', () =>
    assert.equal(consoleAddress('voltage'), '${console}/dashboard/voltage'))

  it('above a dashboard lead to all others and to the console', () => {
    const { tags, includeVars, keepTime } = menuOfDashboards().build()
    assert.deepEqual([tags, includeVars, keepTime], [['linha-viva'], false, true])
    assert.equal(linkToConsole('voltage', both('Console', 'Console')).build().url, '${console}/dashboard/voltage')
  })
})
