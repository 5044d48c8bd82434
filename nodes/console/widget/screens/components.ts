import type { Component } from 'vue'
import type { ScreenName } from '../../screens.ts'
import AlarmsScreen from './alarms/AlarmsScreen.vue'
import CommandsScreen from './commands/CommandsScreen.vue'
import ContinuityScreen from './continuity/ContinuityScreen.vue'
import FeedersScreen from './feeders/FeedersScreen.vue'
import OverviewScreen from './overview/OverviewScreen.vue'
import SolarScreen from './solar/SolarScreen.vue'
import SystemScreen from './system/SystemScreen.vue'
import VoltageScreen from './voltage/VoltageScreen.vue'

/** What stands on each page. */
export const screenComponents: Readonly<Record<ScreenName, Component>> = {
  ...{ overview: OverviewScreen, alarms: AlarmsScreen, commands: CommandsScreen, feeders: FeedersScreen },
  ...{ voltage: VoltageScreen, continuity: ContinuityScreen, solar: SolarScreen, system: SystemScreen },
}
