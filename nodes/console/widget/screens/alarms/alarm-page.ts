import type { LiveAlarm } from '../../../../../platform/wire/live.ts'
import type { ScreenName } from '../../../screens.ts'

/** The page of the console where what an alarm is about can be looked at. */
export interface AlarmPage {
  readonly name: ScreenName
  readonly search: Readonly<Record<string, string>>
}

/** Where an alarm leads to; undefined where no page shows it. */
export function pageOfAlarm(
  alarm: Pick<LiveAlarm, 'area' | 'kind' | 'subject' | 'feederId' | 'unitId' | 'deviceId'>,
): AlarmPage | undefined {
  const { area, kind, subject, feederId, unitId, deviceId } = alarm
  switch (area) {
    case 'voltage':
      return { name: 'voltage', search: unitId === null ? {} : { unit: unitId } }
    case 'continuity':
      return { name: 'continuity', search: unitId === null ? {} : { unit: unitId } }
    case 'solar':
      return { name: 'solar', search: deviceId === null ? {} : { panel: deviceId } }
    case 'commands':
      return { name: 'commands', search: deviceId === null ? {} : { device: deviceId } }
    case 'platform':
    case 'alarms':
      return { name: 'system', search: {} }
    default:
      if (kind === 'quarantine-flood' || kind === 'consumer-behind') return { name: 'system', search: {} }
      if (deviceId !== null) return { name: 'feeders', search: { device: deviceId } }
      if (feederId !== null) return { name: 'feeders', search: { feeder: feederId } }
      return area === 'feeders' ? { name: 'feeders', search: { feeder: subject } } : undefined
  }
}
