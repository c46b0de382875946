interface SparklineProps {
	/** Points in order; x in any unit. */
	points: readonly { readonly x: number; readonly y: number }[];
	label: string;
	width?: number;
	height?: number;
}

/** A small step line: the value holds until the next point. The numbers stand beside it in words. */
export function Sparkline({ points, label, width = 120, height = 24 }: SparklineProps) {
	const path = stepPath(points, width, height);
	return (
		<svg
			role="img"
			aria-label={label}
			viewBox={`0 0 ${width} ${height}`}
			width={width}
			height={height}
			className="shrink-0 overflow-visible"
		>
			<line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className="stroke-line" />
			{path !== "" && (
				<>
					<path d={`${path} V${height - 0.5} H0 Z`} className="fill-stable/20" />
					<path d={path} fill="none" className="stroke-stable" strokeWidth="1.5" strokeLinejoin="round" />
				</>
			)}
		</svg>
	);
}

/** SVG path of the steps, scaled to the box; empty without points. */
export function stepPath(points: readonly { readonly x: number; readonly y: number }[], width: number, height: number): string {
	const first = points[0];
	const last = points.at(-1);
	if (first === undefined || last === undefined) return "";
	const top = Math.max(1, ...points.map((point) => point.y));
	const span = Math.max(1, last.x - first.x);
	const x = (value: number) => round(((value - first.x) / span) * width);
	const y = (value: number) => round(height - 1 - (value / top) * (height - 3));
	const rest = points.slice(1).map((point) => `H${x(point.x)} V${y(point.y)}`);
	return [`M0 ${y(first.y)}`, ...rest, ...(points.length === 1 ? [`H${width}`] : [])].join(" ");
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}
