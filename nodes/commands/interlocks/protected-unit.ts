import type { Interlock } from './interlock.ts'

/**
 * Somebody's life or safety hangs on the supply of the unit: REN 1000/2021 protects whoever lives by equipment. Never disconnected
 * from afar, for whatever reason but danger. Refusals are kept for good and seen by many: which of both it is they do not say.
 */
export const protectedUnit: Interlock = {
  name: 'protected-unit',
  forbids: ({ deviceId, type, args }, { units }) =>
    type === 'disconnect' && args['reason'] !== 'safety'
      ? (units.get(deviceId) ?? [])
          .filter(({ isProtected }) => isProtected)
          .map(({ unitId }) => ({
            en: `unit ${unitId} is protected: it is not disconnected from afar`,
            pt: `a unidade ${unitId} é protegida: não é desligada à distância`,
          }))
      : [],
}
