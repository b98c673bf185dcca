// What each day cost, by account: one plot a unit, as units are never added up; and the same in a
// table, for who cannot see it or wants the numbers.

import { h, svg } from './dom.js';
import { decimal, money } from './format.js';

const DAY_MS = 86400000;
const COLOURS = 6; // .series-0 … .series-5 in parts.css
const WIDTH = 640;
const HEIGHT = 180;
const LEFT = 56;
const RIGHT = 30;
const BOTTOM = 22;
const TOP = 10;

const cost = (total) => Number(total.spent) + Number(total.uncertain);

/** The days up to today, as "2026-12-01". */
function lastDays(number) {
    return Array.from({ length: number }, (_, i) =>
        new Date(Date.now() - (number - 1 - i) * DAY_MS).toISOString().slice(0, 10),
    );
}

/** The next round number: 1, 2 or 5 times a power of ten. */
function roundUp(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}

function axis(top) {
    return [0, 0.5, 1].map((share) => {
        const y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - share);
        return [
            svg('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y, class: 'grid' }),
            svg(
                'text',
                { x: LEFT - 8, y: y + 4, class: 'tick end' },
                decimal(top * share).replace(/\.00$/, ''),
            ),
        ];
    });
}

function bars(days, byDay, accounts, top, unit) {
    const step = (WIDTH - LEFT - RIGHT) / days.length;
    const scale = (HEIGHT - TOP - BOTTOM) / top;
    return days.map((day, i) => {
        let y = HEIGHT - BOTTOM;
        return (byDay.get(day) ?? []).map((total) => {
            const height = cost(total) * scale;
            y -= height;
            const words =
                `${day} ${total.account}: ${money(total.spent, unit)} spent` +
                (Number(total.uncertain) ? `, ${money(total.uncertain, unit)} uncertain` : '');
            return svg(
                'rect',
                {
                    x: LEFT + i * step + step * 0.15,
                    width: step * 0.7,
                    y,
                    height,
                    class: `series-${accounts.indexOf(total.account) % COLOURS}`,
                },
                svg('title', {}, words),
            );
        });
    });
}

function dates(days) {
    const step = (WIDTH - LEFT - RIGHT) / days.length;
    return days.map((day, i) =>
        (days.length - 1 - i) % 7 === 0
            ? svg(
                  'text',
                  { x: LEFT + (i + 0.5) * step, y: HEIGHT - 5, class: 'tick middle' },
                  day.slice(5),
              )
            : null,
    );
}

function table(totals, unit) {
    return h(
        'details',
        {},
        h('summary', {}, `${unit} in numbers`),
        h(
            'table',
            {},
            h(
                'thead',
                {},
                h(
                    'tr',
                    {},
                    ['Day', 'Account', 'Spent', 'Uncertain', 'Reserved'].map((name) =>
                        h('th', { scope: 'col' }, name),
                    ),
                ),
            ),
            h(
                'tbody',
                {},
                [...totals].reverse().map((total) =>
                    h(
                        'tr',
                        {},
                        h('th', { scope: 'row' }, total.day),
                        h('td', { 'data-label': 'Account' }, total.account),
                        ['spent', 'uncertain', 'reserved'].map((name) =>
                            h('td', { 'data-label': name }, money(total[name], unit)),
                        ),
                    ),
                ),
            ),
        ),
    );
}

function plot(unit, totals, accounts, days) {
    const byDay = Map.groupBy
        ? Map.groupBy(totals, (total) => total.day)
        : totals.reduce(
              (map, total) => map.set(total.day, [...(map.get(total.day) ?? []), total]),
              new Map(),
          );
    const highest = Math.max(
        ...[...byDay.values()].map((of) => of.reduce((sum, total) => sum + cost(total), 0)),
    );
    const top = roundUp(highest || 1);
    const sum = totals.reduce((all, total) => all + cost(total), 0);
    const label =
        `${unit} a day over ${days.length} days; ${money(sum, unit)} in all. ` +
        'The table below has the numbers.';
    return h(
        'figure',
        { class: 'plot', 'data-key': `plot-${unit}` },
        h(
            'figcaption',
            {},
            h('strong', {}, unit),
            h('span', { class: 'detail' }, `${money(sum, unit)} in ${days.length} days`),
            accounts.map((name, i) =>
                h(
                    'span',
                    { class: 'legend' },
                    svg(
                        'svg',
                        { viewBox: '0 0 10 10', width: 10, height: 10, 'aria-hidden': 'true' },
                        svg('rect', { width: 10, height: 10, class: `series-${i % COLOURS}` }),
                    ),
                    name,
                ),
            ),
        ),
        svg(
            'svg',
            { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label },
            axis(top).flat(),
            bars(days, byDay, accounts, top, unit).flat(),
            dates(days).filter(Boolean),
        ),
        table(totals, unit),
    );
}

export function spendPlots(totals, number) {
    const days = lastDays(number);
    const units = [...new Set(totals.map((total) => total.unit).filter(Boolean))];
    return units.map((unit) => {
        const of = totals.filter((total) => total.unit === unit);
        return plot(unit, of, [...new Set(of.map((total) => total.account))].sort(), days);
    });
}
