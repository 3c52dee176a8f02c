"""What it costs to serve models oneself, in a private node, a rented one or at the edge, and how many machines a peak needs.

Yearly costs come as named parts; see `number.total`. Prices are by million tokens (Mtok). Method section 2.4.
"""

from dataclasses import dataclass

import numpy as np

from models import queueing
from models.ai_economics.finance import crf, sinking_fund
from models.ai_economics.number import Number, need, plain

HOURS_A_YEAR = 8760
SECONDS_A_YEAR = HOURS_A_YEAR * 3600
WATTS_A_KILOWATT = 1000
MILLION = 1e6
SPARE_PART_SHARE = 0.5  # of a new edge device, what a failed one costs (method section 2.4)


def gpu_cost_per_mtok(gpu_hour_cost: Number, gpus: Number, tokens_a_second: Number, utilisation: Number) -> Number:
    """What a million tokens cost on rented GPUs: h·GPUs/(tok/s·utilisation·3600)·10⁶.

    Args:
        gpu_hour_cost: h, of one GPU.
        tokens_a_second: of all GPUs together, when busy.
        utilisation: share of paid time in which they are busy, above 0.

    Source of the example: GMI Cloud, cost per million tokens explained.

    >>> round(gpu_cost_per_mtok(2.0, 1, 400, 1.0), 2)
    1.39
    """
    need(
        (np.asarray(tokens_a_second) > 0) & (np.asarray(utilisation) > 0), "throughput and utilisation are above nought"
    )
    an_hour = np.multiply(tokens_a_second, utilisation) * 3600
    return plain(np.multiply(gpu_hour_cost, gpus) / an_hour * MILLION)


def blended_price(
    input_price: Number,
    output_price: Number,
    *,
    input_share: Number,
    cached_share: Number = 0.0,
    cache_price: Number = 0.0,
) -> Number:
    """One price by Mtok for a mix of tokens: input share·((1 − cached)·p_in + cached·p_cache) + output share·p_out.

    >>> round(blended_price(2.0, 10.0, input_share=0.85, cached_share=0.40, cache_price=0.10), 3)
    2.554
    """
    read = (1 - np.asarray(cached_share)) * input_price + np.asarray(cached_share) * cache_price
    return plain(np.asarray(input_share) * read + (1 - np.asarray(input_share)) * output_price)


def power_cost(watts: Number, price_a_kwh: Number, pue: Number = 1.0) -> Number:
    """Electricity of a machine that is never switched off, by year: W·PUE·8.76·price of a kilowatt hour.

    Args:
        pue: energy of the whole room by that of the machines, 1 or more.

    >>> round(power_cost(600, 0.146, 1.4), 2)
    1074.33
    """
    return plain(np.multiply(watts, pue) * HOURS_A_YEAR / WATTS_A_KILOWATT * price_a_kwh)


@dataclass(frozen=True, kw_only=True)
class Node:
    """A private node: prices in one currency, once or by year as said.

    Attributes:
        purchase_cost: K, GPUs and server, once. life_years: n. residual_share: of the purchase, got back at the end.
        watts, pue, price_a_kwh: see `power_cost`. maintenance_share: μ, of the purchase, by year.
        rate: by year.
    """

    purchase_cost: Number
    life_years: Number
    residual_share: Number
    watts: Number
    pue: Number
    price_a_kwh: Number
    maintenance_share: Number
    rate: Number


def private_cost(node: Node, nodes: Number, *, labour_cost: Number, licence_cost: Number = 0.0) -> dict[str, Number]:
    """A year of private nodes: capital Q·K·CRF, residual value (below nought), power, maintenance μ·Q·K, labour and licences.

    The residual value comes back at the end of the life, so a year is credited with its sinking-fund share.

    Args:
        nodes: Q, with redundancy.
        labour_cost: engineers by year, for all nodes. licence_cost: by year, for all nodes.

    Source: method section 2.4; capital recovery as in inferecon, levelised cost of inference 0.2.

    >>> node = Node(
    ...     purchase_cost=17_500,
    ...     life_years=4,
    ...     residual_share=0.10,
    ...     watts=600,
    ...     pue=1.4,
    ...     price_a_kwh=0.146,
    ...     maintenance_share=0.08,
    ...     rate=0.10,
    ... )
    >>> {part: round(cost) for part, cost in private_cost(node, 2, labour_cost=85_000).items()}
    {'capital': 11041, 'residual value': -754, 'power': 2149, 'maintenance': 2800, 'labour': 85000, 'licences': 0}
    """
    bought = np.multiply(nodes, node.purchase_cost)
    sunk = np.asarray(sinking_fund(node.rate, node.life_years))
    return {
        "capital": plain(bought * crf(node.rate, node.life_years)),
        "residual value": plain(-bought * node.residual_share * sunk),
        "power": plain(np.asarray(nodes) * power_cost(node.watts, node.price_a_kwh, node.pue)),
        "maintenance": plain(bought * node.maintenance_share),
        "labour": plain(labour_cost),
        "licences": plain(licence_cost),
    }


def cloud_cost(
    gpu_hour_cost: Number, gpus: Number, *, off_share: Number = 0.0, other_share: Number = 0.0
) -> dict[str, Number]:
    """A year of rented GPUs: h·GPUs·8760·(1 − off-hours share), and what is billed beside GPUs as a share of that.

    >>> {part: round(cost) for part, cost in cloud_cost(2.95, 1, off_share=0.5, other_share=0.40).items()}
    {'gpu rent': 12921, 'other cloud': 5168}
    """
    rent = np.multiply(gpu_hour_cost, gpus) * HOURS_A_YEAR * (1 - np.asarray(off_share))
    return {"gpu rent": plain(rent), "other cloud": plain(rent * other_share)}


@dataclass(frozen=True, kw_only=True)
class EdgeDevice:
    """A device at a site: prices in one currency, once or by year and site as said.

    Attributes:
        purchase_cost: K_e, once. life_years: n. spare_share: devices on the shelf by device in use.
        watts, price_a_kwh: see `power_cost`. management_cost: device management, by year.
        patch_hours: by year; wage_an_hour: of who patches. failure_share: AFR, devices that fail in a year.
        truck_cost: a visit. rate: by year.
    """

    purchase_cost: Number
    life_years: Number
    spare_share: Number
    watts: Number
    price_a_kwh: Number
    management_cost: Number
    patch_hours: Number
    wage_an_hour: Number
    failure_share: Number
    truck_cost: Number
    rate: Number


def edge_cost(device: EdgeDevice, sites: Number, *, release_cost: Number) -> dict[str, Number]:
    """A year at the edge: by site K_e·CRF·(1 + spare), power, management, patches, AFR·(K_e/2 + truck); once the releases.

    Args:
        sites: with one device each.
        release_cost: engineering of releases by year, for all sites.

    >>> device = EdgeDevice(
    ...     purchase_cost=2_200,
    ...     life_years=4,
    ...     spare_share=0.10,
    ...     watts=100,
    ...     price_a_kwh=0.146,
    ...     management_cost=144,
    ...     patch_hours=6,
    ...     wage_an_hour=82,
    ...     failure_share=0.08,
    ...     truck_cost=350,
    ...     rate=0.10,
    ... )
    >>> from models.ai_economics.number import total
    >>> round(total(edge_cost(device, 25, release_cost=60_000)))
    101083
    """
    count = np.asarray(sites, dtype=float)
    failed = np.asarray(device.failure_share) * (
        np.asarray(device.purchase_cost) * SPARE_PART_SHARE + device.truck_cost
    )
    capital = (
        np.asarray(device.purchase_cost) * crf(device.rate, device.life_years) * (1 + np.asarray(device.spare_share))
    )
    return {
        "capital": plain(count * capital),
        "power": plain(count * power_cost(device.watts, device.price_a_kwh)),
        "management": plain(count * device.management_cost),
        "patches": plain(count * np.multiply(device.patch_hours, device.wage_an_hour)),
        "failures": plain(count * failed),
        "releases": plain(release_cost),
    }


def with_environments(
    run_cost: Number, fixed_cost: Number, *, test_share: Number, recovery_share: Number
) -> dict[str, Number]:
    """What development and test add, as a share of the whole run, and a second region, as a share of its fixed part.

    >>> with_environments(100.0, 40.0, test_share=0.15, recovery_share=0.5)
    {'development and test': 15.0, 'recovery': 20.0}
    """
    return {
        "development and test": plain(np.multiply(run_cost, test_share)),
        "recovery": plain(np.multiply(fixed_cost, recovery_share)),
    }


def service_seconds(input_tokens: Number, output_tokens: Number, prefill_rate: Number, decode_rate: Number) -> Number:
    """How long a call holds its slot: T_in/prefill + T_out/decode, rates in tokens a second of one slot.

    >>> service_seconds(2000, 150, 4000, 40)
    4.25
    """
    return plain(np.asarray(input_tokens) / prefill_rate + np.asarray(output_tokens) / decode_rate)


@dataclass(frozen=True)
class Capacity:
    """What a peak needs: slots at work, nodes with redundancy, calls inside at once, and the share that waits too long."""

    slots: Number
    nodes: Number
    calls_inside: Number
    late_share: Number


def capacity_needed(
    peak_calls_a_second: Number,
    seconds_a_call: Number,
    *,
    slots_a_node: float,
    longest_wait: Number,
    service_level: float,
    spare_nodes: int = 0,
) -> Capacity:
    """The fewest slots for which P(wait > w) ≤ 1 − SL at the peak (M/M/c, a planning bound), and whole nodes with redundancy.

    Args:
        peak_calls_a_second: λ. seconds_a_call: E[S], see `service_seconds`.
        slots_a_node: calls at once at the latency that was measured.
        longest_wait: w, seconds. service_level: SL, share that may not wait longer.
        spare_nodes: added for redundancy; 1 for N + 1.

    >>> capacity_needed(2.0, 4.25, slots_a_node=8, longest_wait=2.0, service_level=0.95, spare_nodes=1).nodes
    3.0
    """
    load = queueing.offered_load(peak_calls_a_second, seconds_a_call)
    found = queueing.agents_needed(load, seconds_a_call, target=longest_wait, service_level=service_level)
    waits = queueing.wait(np.asarray(found.servers, dtype=int), peak_calls_a_second, seconds_a_call)
    inside = queueing.little(peak_calls_a_second, np.add(waits, seconds_a_call))
    nodes = np.asarray(queueing.nodes_needed(found.servers, slots_a_node)) + spare_nodes
    return Capacity(found.servers, plain(nodes), inside, plain(1 - np.asarray(found.service_level)))


def yearly_capacity(tokens_a_second: Number, nodes: Number = 1.0) -> Number:
    """Mtok by year that nodes serve when they are never idle.

    >>> round(yearly_capacity(1500))
    47304
    """
    return plain(np.multiply(tokens_a_second, nodes) * SECONDS_A_YEAR / MILLION)
