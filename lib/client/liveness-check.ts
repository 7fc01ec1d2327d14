import { getCoordinateCall } from '../protocol/calls'

/** The cheapest thing to ask: the agent looks up one node, and need not have it. */
export const LIVENESS_CHECK = getCoordinateCall('probe')
