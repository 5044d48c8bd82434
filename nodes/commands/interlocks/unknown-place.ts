import type { Interlock } from './interlock.ts'

/** Where nobody knows what a device joins or whom it supplies, nobody can say whom the command harms. */
export const unknownPlace: Interlock = {
  name: 'place-unknown',
  forbids({ deviceId, type, args }, { network, earthSwitches, units, tags }) {
    const isElement =
      network.switches.some(({ switchId }) => switchId === deviceId) ||
      network.sources.some(({ sourceId }) => sourceId === deviceId) ||
      earthSwitches.some(({ earthSwitchId }) => earthSwitchId === deviceId)
    if ((type === 'open' || type === 'close') && !isElement)
      return [
        {
          en: `${deviceId} is not in the network: nobody knows what it joins`,
          pt: `${deviceId} não está na rede: não se sabe o que ela une`,
        },
      ]
    const needsUnit =
      (type === 'disconnect' && args['reason'] !== 'safety') ||
      (type === 'connect' && tags.some(({ sectionIds }) => sectionIds.length > 0))
    return needsUnit && !units.has(deviceId)
      ? [
          {
            en: `${deviceId} measures no unit that is known: nobody knows whom it supplies`,
            pt: `${deviceId} não mede nenhuma unidade conhecida: não se sabe a quem supre`,
          },
        ]
      : []
  },
}
