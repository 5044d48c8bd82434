import { ruleOn, type Regulated } from '../../../platform/regulation/regulated.ts'
import { voltageClasses, type VoltageClass } from '../../../platform/regulation/voltage-class.ts'

/** Classes whose units have indicators by event: DICRI, since 2026 DISE. */
const classesWithEvents: readonly Regulated<readonly VoltageClass[]>[] = [
  {
    ...{ validFrom: '1900-01-01', validTo: '2021-12-31' },
    source: 'limits of DICRI for high voltage, too: Agência CanalEnergia of 13/12/2011 (one source)',
    value: voltageClasses,
  },
  {
    validFrom: '2022-01-01',
    source: 'PRODIST Módulo 8 v14, item 181 (two sources: coefficients of high voltage do not apply)',
    value: ['BT', 'MT'],
  },
]

/** Whether DICRI and DISE are of units of a class in a month `YYYY-MM`. @throws NoRule before 1900 */
export const hasEvents = (voltageClass: VoltageClass, month: string): boolean =>
  ruleOn('DICRI and DISE', classesWithEvents, `${month}-01`).value.includes(voltageClass)
