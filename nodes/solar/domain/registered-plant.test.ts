import assert from 'node:assert/strict'
import { plantOf } from './registered-plant.ts'

const site = {
  ...{ siteId: 'roof', latitude: -23.55, longitude: -46.63 },
  ...{ inverterLimitKw: 0.9, tariffBrlKwh: 0.8, cleaningCostBrl: 300 },
}
const nothing = {
  ...{ ratedKw: null, tiltDeg: null, azimuthDeg: null, gammaPerC: null, noctC: null, ratedV: null, installedAt: null },
}

describe('a plant of the registry', () => {
  it('has common panels that face the equator where nobody said otherwise', () => {
    const [panel] = plantOf({ ...site, inverterLimitKw: null }, [{ ...nothing, panelId: 'p-1' }]).panels
    assert.deepEqual(panel, {
      ...{ panelId: 'p-1', siteId: 'roof', place: { latitude: -23.55, longitude: -46.63 } },
      ...{ ratedW: 400, tiltDeg: 23.55, azimuthDeg: 0, gammaPerC: -0.0035, noctC: 45, ratedV: 41 },
      ...{ clipsAtW: null, installedAt: null },
    })
    const [north] = plantOf({ ...site, latitude: 2.8 }, [{ ...nothing, panelId: 'p-1' }]).panels
    assert.deepEqual([north!.tiltDeg, north!.azimuthDeg], [2.8, 180])
    const [nowhere] = plantOf({ ...site, latitude: null }, [{ ...nothing, panelId: 'p-1' }]).panels
    assert.deepEqual([nowhere!.place, nowhere!.tiltDeg, nowhere!.azimuthDeg], [null, 20, 0])
  })

  it('has what the registry says, and shares the inverter by rating', () => {
    const said = { ratedKw: 0.6, tiltDeg: 0, azimuthDeg: 270, gammaPerC: -0.004, noctC: 47, ratedV: 35, installedAt: 9 }
    const { panels, inverterLimitW } = plantOf(site, [
      { ...said, panelId: 'p-1' },
      { ...nothing, panelId: 'p-2', ratedKw: 0.3 },
    ])
    assert.deepEqual([panels[0]!.tiltDeg, panels[0]!.azimuthDeg, panels[0]!.ratedV], [0, 270, 35])
    assert.deepEqual([inverterLimitW, panels[0]!.clipsAtW, panels[1]!.clipsAtW], [900, 600, 300])
  })
})
