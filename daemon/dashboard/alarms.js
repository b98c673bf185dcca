// What everybody who looks should know, whatever page is open: a pause, a set-back, a full disk.

import { get } from './api.js';
import { h, morph } from './dom.js';
import { count, moment } from './format.js';

const DISK = {
    no_submit: 'The disk fills up: nothing is bought until there is room.',
    no_fetch: 'The disk is nearly full: nothing is bought or fetched until there is room.',
    no_intake: 'The disk is full: no job is taken until there is room.',
};

function alarm(tone, ...text) {
    return h('p', { class: `alarm tone-${tone}` }, text);
}

export async function showAlarms(signal) {
    const stats = await get('/v1/stats', signal);
    const list = [];
    if (stats.setback) {
        list.push(
            alarm(
                'alarm',
                h(
                    'strong',
                    {},
                    stats.setback.why === 'backup'
                        ? 'Restored from a backup'
                        : 'The database lost its newest entries',
                ),
                ' (',
                moment(stats.setback.at),
                '). ',
                `${count(stats.setback.doubtful)} jobs may have been bought since. `,
                h('a', { href: '#/jobs?doubtful=true' }, 'Look at them'),
            ),
        );
    }
    if (stats.paused)
        list.push(
            alarm(
                'alarm',
                h('strong', {}, 'The queue is paused'),
                stats.paused_reason ? `: ${stats.paused_reason}` : '',
            ),
        );
    if (DISK[stats.disk]) list.push(alarm('bad', DISK[stats.disk]));
    morph(document.getElementById('alarms'), list);
}
