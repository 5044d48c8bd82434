/**
 * Reference voltage (tensão de referência) of units `u`, V, in SQL: above 2.3 kV the contracted one where there is one, else the
 * nominal one (PRODIST Módulo 8, items 18–22).
 */
export const referenceVoltage =
  'case when u.nominal_voltage_v > 2300 then coalesce(u.contracted_voltage_v, u.nominal_voltage_v) else u.nominal_voltage_v end'
