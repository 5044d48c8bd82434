import type { LiveAlarm } from '../../../../../platform/wire/live.ts'

/** A silent meter, unless something else is said. */
export const anAlarm = (other: Partial<LiveAlarm> = {}): LiveAlarm => ({
  ...{ alarmId: 1, area: 'telemetry', kind: 'device-silent', subject: 'meter-1', feederId: 'f-1', unitId: 'unit-1' },
  ...{ deviceId: 'meter-1', state: 'B', priority: 'medium', active: true, occurrence: 1, escalatedTo: null },
  ...{ activeSince: '2026-03-10T12:00:00.000Z', annunciatedAt: null, changedAt: null, respondBy: null },
  ...{ shelvedUntil: null, value: null, limit: null, unit: null, members: 0 },
  text: { en: 'A device is silent', pt: 'Um dispositivo está em silêncio' },
  ...other,
})
