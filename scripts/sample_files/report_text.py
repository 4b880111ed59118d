"""What the closing report says. The numbers agree with each other and with the other files."""

from __future__ import annotations

TITLE = "Winter refit of MV Sandpiper: closing report"
BYLINE = "Imogen Vance, fleet superintendent · Lindwick, 15 December 2025"

SUMMARY = (
    "MV Sandpiper was hauled out at Tolland Slipway on 3 November 2025 and went back to the "
    "Lindwick crossing on 15 December, six days later than planned. The hull, the main engine "
    "and the passenger deck were finished on time.",
    "The delay comes from one work package. The new stern tube bearing arrived in the second "
    "week, but one small part was missing from the crate (see delivery note 4471), and the shaft"
    " could not be closed without it. The slipway used the waiting time for the pumps.",
)
COST_TEXT = (
    "The refit cost 117,590 euro against a budget of 111,450 euro, which is 6,140 euro or 5.5 "
    "per cent more. Most of the difference is crane and standby time for the shaft.",
)
COSTS_CAPTION = "Table 1. Planned and actual duration and cost by work package."
COSTS = (
    ("Work package", "Days planned", "Days actual", "EUR planned", "EUR actual"),
    ("Docking and hull", "6", "6", "18,400", "18,150"),
    ("Shaft bearing", "7", "13", "27,900", "33,480"),
    ("Main engine overhaul", "10", "10", "41,250", "40,720"),
    ("Bilge and fire pumps", "3", "4", "9,600", "10,940"),
    ("Passenger deck and ramps", "5", "5", "14,300", "14,300"),
    ("Total", "", "", "111,450", "117,590"),
)
COST_REMARK = (
    "Work packages ran side by side, so the days do not add up to the length of the refit. All "
    "sums are without tax. The invoices behind them are in the workbook refit-costs.xlsx.",
)

WORK = {
    "3.1 Hull": (
        "The hull was washed, blasted below the waterline and inspected. Ultrasonic testing at "
        "64 points found no plate thinner than 5.2 mm; class asks for at least 4.8 mm.",
        "Two coats of primer and two of anti-fouling were applied between 10 and 14 November. "
        "The sacrificial anodes, eleven in all, were renewed.",
    ),
    "3.2 Shaft bearing": (
        "The old stern tube bearing showed 1.9 mm of wear where 1.5 mm is allowed. The shaft was"
        " drawn, polished and found straight to within 0.05 mm.",
        "The new bearing is water lubricated, so the vessel no longer carries oil in the stern "
        "tube. It was pressed in on 24 November and aligned with the engine afloat.",
    ),
    "3.3 Main engine": (
        "All six cylinder heads were taken off. Two exhaust valves were burnt and were replaced,"
        " the others were ground in. Injectors were tested at 230 bar.",
        "The heat exchanger had lost about a fifth of its area to scale and was cleaned with "
        "acid. The engine now runs eight degrees cooler at full load.",
    ),
    "3.4 Pumps": (
        "Both bilge pumps were stripped and given new impellers. The motor of the fire pump "
        "failed its insulation test and was exchanged.",
        "The wiring between the pump panel and the wheelhouse was renewed as well, because the "
        "old cable had been chafed by the steering gear.",
    ),
    "3.5 Passenger deck": (
        "The deck was sanded and coated with a non-slip paint. Forty seat cushions were renewed "
        "and the hinge pins of the forward ramp were turned.",
        "The public address system reaches the aft deck again; a corroded plug had been the fault.",
    ),
}

SECOND_COLUMN = "3.3 Main engine"

TRIAL_TEXT = (
    "The trial took place on 9 December 2025 off Lindwick in light airs and a slight sea, with "
    "full tanks, five crew and ballast in place of passengers. Each step was held for twenty "
    "minutes in both directions and the figures averaged.",
)
TRIAL_CAPTION = "Table 2. Results of the sea trial."
TRIAL = (
    ("Engine speed (rpm)", "Speed (knots)", "Fuel (litres/hour)", "Vibration (mm/s)"),
    ("900", "5.8", "14.2", "1.1"),
    ("1,200", "7.6", "23.5", "1.6"),
    ("1,500", "9.1", "36.8", "2.3"),
    ("1,800", "10.4", "55.1", "4.7"),
)
TRIAL_REMARK = (
    "Up to 1,500 rpm the shaft runs quietly. At 1,800 rpm the vibration is slightly above the "
    "4.5 mm/s that the maker recommends; see the open points. The timetable needs no more than "
    "8.5 knots.",
)
CHART_CAPTION = "Figure 1. Fuel per nautical mile rises steeply above nine knots."

OPEN_POINTS = (
    "Measure the vibration at 1,800 rpm again after fifty running hours. Owner: Martin Hale, by "
    "31 January 2026.",
    "The second liferaft is at the service station. Until it is back, crew notice 14 applies. "
    "Owner: Imogen Vance.",
    "Touch up the paint at the port fender, where the sling rubbed. Owner: Tolland Slipway, at "
    "no charge, at the next opportunity.",
)
NEXT_DOCKING = (
    "Class wants to see the bottom again by 30 October 2027. A slot in the first half of that "
    "October has been reserved with the slipway and can be moved free of charge until May 2027.",
)
VIEW_CAPTION = "Figure 2. Side view with the places named in this report."
SIGNED = ("Imogen Vance · Brackwater Ferries, Quay Road 2, Lindwick",)
