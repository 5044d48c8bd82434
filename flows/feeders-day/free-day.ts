import { lines } from '../../simulator/town/town-plan.ts'
import { Town, type Charged } from '../../simulator/town/town.ts'
import type { TownSettings } from '../../simulator/town/town-settings.ts'
import type { Sample } from './over-limit.ts'

/** The same town with nobody steering: what flows then, and what cars get. Settings are used up: their arrivals only go on. */
export function freeDay(settings: TownSettings, until: number): { courses: Map<string, Sample[]>; charged: Charged } {
  const town = new Town(settings.plan, settings)
  const courses = new Map<string, Sample[]>()
  for (let at = settings.start; at < until; at += settings.intervalMs) {
    town.step(at)
    for (const [id, { totalKw, byLineKw }] of town.heads) {
      const add = (line: string, kw: number) => {
        const course = courses.get(`${id}/${line}`) ?? []
        courses.set(`${id}/${line}`, course)
        course.push({ at, kw })
      }
      add('total', totalKw)
      lines.forEach((line, n) => add(line, byLineKw[n]!))
    }
  }
  return { courses, charged: town.charged }
}
