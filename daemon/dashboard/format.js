// How times, money, numbers and names are written.

import { h } from './dom.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "42 s", "5 min", "3 h 20 min", "12 d". */
export function span(seconds) {
    const s = Math.max(0, Math.round(seconds));
    if (s < MINUTE) return `${s} s`;
    if (s < HOUR) return `${Math.floor(s / MINUTE)} min`;
    const minutes = Math.floor((s % HOUR) / MINUTE);
    if (s < 10 * HOUR && minutes) return `${Math.floor(s / HOUR)} h ${minutes} min`;
    if (s < 2 * DAY) return `${Math.floor(s / HOUR)} h`;
    return `${Math.floor(s / DAY)} d`;
}

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

function relative(moment, style) {
    const seconds = (Date.now() - moment) / 1000;
    if (style === 'age') return span(seconds);
    return seconds >= 0 ? `${span(seconds)} ago` : `in ${span(-seconds)}`;
}

/** A moment as people think of it, with the clock's words on hover. style: 'age' or none. */
export function time(iso, style) {
    if (!iso) return '–';
    const moment = new Date(iso);
    return h(
        'time',
        { datetime: iso, title: absolute.format(moment), 'data-style': style },
        relative(moment, style),
    );
}

/** In words that do not go on by themselves, where each change is read aloud. */
export const moment = (iso) => absolute.format(new Date(iso));

/** Lets all times on the page go on. */
export function tickTimes() {
    for (const element of document.querySelectorAll('time[datetime]')) {
        const text = relative(new Date(element.dateTime), element.dataset.style);
        if (element.textContent !== text) element.firstChild.data = text;
    }
}

/** A plain decimal: six places are kept, of which no zeros but the first two are shown. */
export function decimal(amount) {
    return Number(amount)
        .toFixed(6)
        .replace(/(\.\d\d)?0*$/, '$1')
        .replace(/(\.\d)$/, '$10');
}

/** "0.49 USD"; a dash where nothing is known. */
export function money(amount, unit) {
    if (amount === null || amount === undefined) return '–';
    if (!unit) return decimal(amount);
    return `${unit === 'credits' ? count(amount) : decimal(amount)} ${unit}`;
}

const grouped = new Intl.NumberFormat('en');
export const count = (number) => grouped.format(number);
export const plural = (number, one, many = `${one}s`) =>
    `${count(number)} ${number === 1 ? one : many}`;

export function bytes(number) {
    if (number === null || number === undefined) return '–';
    const units = ['B', 'KiB', 'MiB', 'GiB'];
    let value = number;
    let unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
        value /= 1024;
        unit += 1;
    }
    return `${value < 10 && unit ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** What a job was asked for, in the user's own words; empty where it has none. */
export function wish(request) {
    const said = request?.prompt ?? request?.text ?? request?.lyrics;
    if (typeof said === 'string') return said;
    const last = request?.messages?.at?.(-1)?.content;
    return typeof last === 'string' ? last : '';
}
