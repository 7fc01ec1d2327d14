import { combineLatest, type Observable } from 'rxjs'
import uPlot from 'uplot'
import type { Rate } from '../../messages'
import { onFrame } from '../parts/draw'
import { byId } from '../parts/element'
import { clockTime } from '../parts/format'
import { themed$ } from '../parts/theme'
import { select } from '../state/select'
import type { State } from '../state/state'

const HEIGHT = 104 // px
/** The smallest and the largest number of seconds that it shows. */
const LEAST = 60
const MOST = 300

/** The events of each second of the last minutes, with the kinds stacked. */
export function rateChart(state$: Observable<State>): void {
  const host = byId('events-chart')
  let chart: uPlot | undefined
  let theme: string | undefined
  onFrame(combineLatest([select(state$, ({ rates }) => rates), themed$]), ([rates, newTheme]) => {
    if (!chart || theme !== newTheme) {
      chart?.destroy()
      chart = plot(host)
      theme = newTheme
    }
    chart.setData(stacked(rates))
  })
  new ResizeObserver(() => {
    if (host.clientWidth > 0) chart?.setSize({ width: host.clientWidth, height: HEIGHT })
  }).observe(host)
}

/** The highest first, because each is drawn over the one before. */
function stacked(rates: readonly Rate[]): uPlot.AlignedData {
  return [
    rates.map(({ second }) => second),
    rates.map(({ member, user, query }) => member + user + query),
    rates.map(({ member, user }) => member + user),
    rates.map(({ member }) => member),
  ]
}

function plot(host: HTMLElement): uPlot {
  const colour = (name: string) => resolved(host, name)
  const [faint, line] = [colour('--faint'), colour('--line')]
  const bars = uPlot.paths.bars?.({ size: [1, 8], gap: 0 })
  const series = (kind: string): uPlot.Series => ({
    label: kind,
    fill: colour(`--${kind}`),
    width: 0,
    points: { show: false },
    ...(bars && { paths: bars }),
  })
  const axis: uPlot.Axis = {
    stroke: faint,
    font: '11px "Inter Variable", sans-serif',
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  }
  return new uPlot(
    {
      width: Math.max(host.clientWidth, 100),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 28, 0, 0], // half a label on the right
      scales: {
        x: {
          time: true,
          range: (_, first, last) => [Math.max(last - MOST, Math.min(first, last - LEAST)), last],
        },
        y: { range: (_, __, most) => [0, Math.max(4, most * 1.1)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 22,
          space: 90,
          values: (_, at) => timeLabels(at),
        },
        { ...axis, size: 34, space: 26, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000] },
      ],
      series: [{}, series('query'), series('user'), series('member')],
    },
    [[], [], [], []],
    host,
  )
}

/** Shows seconds where minutes alone would make labels equal. */
function timeLabels(seconds: readonly number[]): string[] {
  const length = seconds.every((second) => second % 60 === 0) ? 5 : 8
  return seconds.map((second) => clockTime(second * 1000).slice(0, length))
}

/** A colour of the style sheet as the canvas takes it. */
function resolved(host: HTMLElement, variable: string): string {
  host.style.color = `var(${variable})`
  const { color } = getComputedStyle(host)
  host.style.color = ''
  return color
}
