import { both, type BothLanguages } from './words.ts'

/** What each dashboard is called, by its uid, which is also the name of its file. */
export const dashboardNames = {
  'grid-overview': both('Visão geral da rede', 'Grid overview'),
  feeder: both('Alimentador', 'Feeder'),
  device: both('Dispositivo', 'Device'),
  'voltage-quality': both('Qualidade da tensão (DRP/DRC)', 'Voltage quality (DRP/DRC)'),
  continuity: both('Continuidade (DEC/FEC)', 'Continuity (DEC/FEC)'),
  'demand-response': both('Resposta da demanda', 'Demand response'),
  'solar-plant': both('Usina solar', 'Solar plant'),
  'alarm-kpis': both('Indicadores de alarmes', 'Alarm KPIs'),
  'commands-and-audit': both('Comandos e auditoria', 'Commands and audit'),
  'platform-health': both('Saúde da plataforma', 'Platform health'),
} as const satisfies Record<string, BothLanguages>

export type DashboardName = keyof typeof dashboardNames

/** uid in Grafana, which addresses begin with. */
export const uidOf = (name: DashboardName): string => `linhaviva-${name}`
