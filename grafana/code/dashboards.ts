import { alarmKpis } from './alarm-kpis.ts'
import { commandsAndAudit } from './commands-and-audit.ts'
import { continuity } from './continuity.ts'
import type { DashboardContent } from './dashboard.ts'
import { demandResponse } from './demand-response.ts'
import { device } from './device.ts'
import { feeder } from './feeder.ts'
import { gridOverview } from './grid-overview.ts'
import { platformHealth } from './platform-health.ts'
import { solarPlant } from './solar-plant.ts'
import { voltageQuality } from './voltage-quality.ts'

/** All dashboards, in the order of the menu. */
export const dashboards: readonly DashboardContent[] = [
  gridOverview,
  feeder,
  device,
  voltageQuality,
  continuity,
  demandResponse,
  solarPlant,
  alarmKpis,
  commandsAndAudit,
  platformHealth,
]
