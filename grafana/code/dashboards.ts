import { alarmKpis } from './alarm-kpis.ts'
import { commandsAndAudit } from './commands-and-audit.ts'
import { continuity } from './continuity.ts'
import type { DashboardContent } from './dashboard.ts'
import { device } from './device.ts'
import { platformHealth } from './platform-health.ts'
import { voltageQuality } from './voltage-quality.ts'

/** All dashboards, in the order of the menu. */
export const dashboards: readonly DashboardContent[] = [
  device,
  voltageQuality,
  continuity,
  alarmKpis,
  commandsAndAudit,
  platformHealth,
]
