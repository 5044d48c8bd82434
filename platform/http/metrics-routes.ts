import { createHash, timingSafeEqual } from 'node:crypto'
import type { Metrics } from './metrics.ts'
import { defineRoute, type ApiRoute } from './route.ts'

/** The metrics, for a scraper with the token of the installation, and for who may read. @param token  none: users only */
export const metricsRoutes = (metrics: Metrics, token: string | undefined): readonly ApiRoute[] => [
  defineRoute({
    method: 'GET',
    path: '/metrics',
    operationId: 'getMetrics',
    summary: 'Metrics for Prometheus',
    tag: 'platform',
    right: 'read',
    key: {
      scheme: 'metrics',
      description: 'METRICS_TOKEN of the installation',
      fits: (given) => token !== undefined && isSame(given, token),
    },
    answers: { 200: { description: 'Prometheus text', type: metrics.contentType } },
    handle: async () => ({ body: await metrics.text() }),
  }),
]

/** Takes as long whatever is given. */
const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
