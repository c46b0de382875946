import { cx } from "./class-names";

interface ChartPoint {
	readonly x: number;
	/** null = no value here: the line has a gap. */
	readonly y: number | null;
}

export interface ChartSeries {
	readonly label: string;
	readonly look: "cool" | "accent" | "limit";
	readonly points: readonly ChartPoint[];
	/** Its newest value, in words. */
	readonly newest: string;
}

interface LineChartProps {
	readonly series: readonly ChartSeries[];
	readonly range: Range;
	/** Where something changed: a dotted line down the chart. */
	readonly marks?: readonly { readonly x: number; readonly label: string }[];
	/** What the picture says, in a sentence. */
	readonly label: string;
	formatY(y: number): string;
	formatX(x: number): string;
}

export type Range = readonly [low: number, high: number];

const strokes: Record<ChartSeries["look"], string> = {
	cool: "stroke-stable",
	accent: "stroke-accent",
	limit: "stroke-failed",
};
/** Told apart without colour too. */
const dashes: Record<ChartSeries["look"], string | undefined> = { cool: undefined, accent: undefined, limit: "5 4" };
const widths: Record<ChartSeries["look"], number> = { cool: 1.5, accent: 2.25, limit: 1.25 };

/** Lines over time with their limit, as wide as there is room. The numbers stand beside it in words. */
export function LineChart({ series, range, marks = [], label, formatY, formatX }: LineChartProps) {
	const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
	const span: Range = [Math.min(...xs), Math.max(...xs)];
	return (
		<div className="grid min-w-0 gap-1.5">
			<ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
				{series.map((one) => (
					<li key={one.label} className="inline-flex items-center gap-1.5">
						<svg aria-hidden="true" viewBox="0 0 16 8" className="h-2 w-4">
							<line x1="0" x2="16" y1="4" y2="4" {...strokeOf(one.look)} />
							{one.look === "accent" && <circle cx="8" cy="4" r="2.5" className="fill-accent" />}
						</svg>
						<span className="text-soft">{one.label}</span>
						<span className="font-medium tabular">{one.newest}</span>
					</li>
				))}
			</ul>
			<div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-faint text-xs tabular">
				<div aria-hidden="true" className="flex flex-col justify-between text-right leading-none">
					<span>{formatY(range[1])}</span>
					<span>{formatY(range[0])}</span>
				</div>
				<svg
					role="img"
					aria-label={label}
					viewBox="0 0 100 100"
					preserveAspectRatio="none"
					className="h-28 w-full overflow-visible border-line border-b border-l"
				>
					{marks.map(({ x, label: what }) => (
						<line
							key={`${x} ${what}`}
							x1={scale(x, span)}
							x2={scale(x, span)}
							y1="0"
							y2="100"
							strokeDasharray="1 4"
							vectorEffect="non-scaling-stroke"
							className="stroke-line-strong"
						>
							<title>{what}</title>
						</line>
					))}
					{series.map((one) => (
						<g key={one.label} fill="none">
							<path d={pathOf(one, span, range)} {...strokeOf(one.look)} vectorEffect="non-scaling-stroke" />
							{one.look !== "limit" && (
								<path
									d={dotsOf(one.points, span, range)}
									strokeWidth={one.look === "accent" ? 6 : 4}
									strokeLinecap="round"
									vectorEffect="non-scaling-stroke"
									className={strokes[one.look]}
								/>
							)}
						</g>
					))}
				</svg>
				<span />
				<div aria-hidden="true" className={cx("flex pt-1", span[0] === span[1] ? "justify-center" : "justify-between")}>
					<span>{formatX(span[0])}</span>
					{span[0] !== span[1] && <span>{formatX(span[1])}</span>}
				</div>
			</div>
		</div>
	);
}

function strokeOf(look: ChartSeries["look"]) {
	return { className: strokes[look], strokeWidth: widths[look], strokeDasharray: dashes[look] };
}

/** A limit holds until the next one, and to both edges; what was measured is joined by straight lines, with gaps. */
function pathOf({ look, points }: ChartSeries, span: Range, range: Range): string {
	return look === "limit" ? stepPath(points, span, range) : linePath(points, span, range);
}

export function linePath(points: readonly ChartPoint[], span: Range, range: Range): string {
	return points
		.map(({ x, y }, index) => {
			if (y === null) return "";
			const before = points[index - 1];
			return `${before === undefined || before.y === null ? "M" : "L"}${scale(x, span)} ${height(y, range)}`;
		})
		.filter((part) => part !== "")
		.join(" ");
}

export function stepPath(points: readonly ChartPoint[], span: Range, range: Range): string {
	const known = points.flatMap(({ x, y }) => (y === null ? [] : [{ x, y }]));
	const [first, ...rest] = known;
	if (first === undefined) return "";
	return [`M0 ${height(first.y, range)}`, ...rest.map(({ x, y }) => `H${scale(x, span)} V${height(y, range)}`), "H100"].join(" ");
}

function dotsOf(points: readonly ChartPoint[], span: Range, range: Range): string {
	return points.flatMap(({ x, y }) => (y === null ? [] : [`M${scale(x, span)} ${height(y, range)}h0`])).join(" ");
}

/** From low to high so that every value has room: a tenth of the spread on both sides, but never past the bounds. */
export function rangeOf(values: readonly number[], bounds: { readonly floor?: number; readonly ceiling?: number } = {}): Range {
	const { floor = Number.NEGATIVE_INFINITY, ceiling = Number.POSITIVE_INFINITY } = bounds;
	const known = values.filter(Number.isFinite);
	if (known.length === 0) return [Math.max(0, floor), Math.min(1, ceiling)];
	const [low, high] = [Math.min(...known), Math.max(...known)];
	const room = (high - low) / 10 || Math.abs(high) / 10 || 1;
	return [Math.max(floor, low - room), Math.min(ceiling, high + room)];
}

/** 0 to 100 across; the middle when there is only one place. */
function scale(x: number, [from, to]: Range): number {
	return to === from ? 50 : round(((x - from) / (to - from)) * 100);
}

/** 0 at the top. */
function height(y: number, [low, high]: Range): number {
	return high === low ? 50 : round(100 - ((y - low) / (high - low)) * 100);
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}
