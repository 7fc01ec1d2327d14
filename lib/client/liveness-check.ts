import { getCoordinateCall } from '../protocol/calls'

/** The cheapest command: the agent looks up one node, which need not exist. */
export const LIVENESS_CHECK = getCoordinateCall('liveness-check')
