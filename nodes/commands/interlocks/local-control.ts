import type { Interlock } from './interlock.ts'

/** Somebody stands at the device and has taken it over, however long ago it said so. */
export const localControl: Interlock = {
  name: 'device-in-local',
  forbids: ({ deviceId, type }, { reports }) =>
    type !== 'read_now' && reports.get(deviceId)?.mode === 'local'
      ? [
          {
            en: `${deviceId} is in local: somebody at the device has it`,
            pt: `${deviceId} está em local: alguém no equipamento o comanda`,
          },
        ]
      : [],
}
