//! The picture of the start: a few homes in the hills, each with its own light, and the threads between them.

use yew::prelude::*;

fn house(x: f64, y: f64, scale: f64, delay: u8) -> Html {
    html! {
        <g transform={format!("translate({x} {y}) scale({scale})")}>
            <path class="h-scene__wall" d="M-30 0V-34L0-58 30-34V0Z" />
            <path class="h-scene__roof" d="M-37-30 0-61 37-30 33-25 0-52-33-25Z" />
            <path class="h-scene__roof" d="M14-62h9v16l-9-8Z" />
            <rect class="h-scene__glow" data-delay={delay.to_string()} x="-19" y="-29" width="15" height="14" rx="2" />
            <rect class="h-scene__glow" data-delay={delay.to_string()} x="7" y="-29" width="13" height="14" rx="2" />
            <path class="h-scene__roof" d="M-6 0v-11a6 6 0 0 1 12 0V0Z" />
        </g>
    }
}

fn tree(x: f64, y: f64, scale: f64) -> Html {
    html! {
        <g transform={format!("translate({x} {y}) scale({scale})")}>
            <path class="h-scene__tree" d="M0-62C17-40 20-24 14-14 9-6-9-6-14-14-20-24-17-40 0-62Z" />
            <path class="h-scene__trunk" d="M-2 0v-30h4V0Z" />
        </g>
    }
}

/// Homes in the hills. Decoration.
#[component]
pub fn Scene() -> Html {
    html! {
        <div class="h-scene" aria-hidden="true">
            <svg class="h-scene__picture" viewBox="0 0 600 900" preserveAspectRatio="xMidYMax slice">
                <circle class="h-scene__sun" cx="430" cy="330" r="58" />
                <path class="h-scene__far" d="M0 560C90 500 150 520 230 480 320 436 390 520 470 500 530 485 570 460 600 470V900H0Z" />
                <path class="h-scene__mid" d="M0 640C80 590 170 600 250 640 350 690 430 600 600 590V900H0Z" />
                { tree(60.0, 628.0, 0.6) }
                { tree(520.0, 610.0, 0.7) }
                { house(118.0, 617.0, 0.62, 1) }
                { house(468.0, 615.0, 0.7, 2) }
                <path class="h-scene__thread" d="M118 578C190 500 390 490 468 568" />
                <path class="h-scene__near" d="M0 740C110 690 210 700 300 730 410 768 500 700 600 690V900H0Z" />
                { tree(92.0, 728.0, 0.95) }
                { tree(130.0, 730.0, 0.7) }
                { house(318.0, 742.0, 1.5, 0) }
                { tree(414.0, 742.0, 0.9) }
                <path class="h-scene__thread" d="M296 650C250 560 170 540 122 576" />
                <path class="h-scene__thread" d="M338 650C370 570 420 545 464 568" />
                <path class="h-scene__smoke" d="M346 648c-10-16 12-24 2-42s10-24 4-40" />
                <path class="h-scene__front" d="M0 830C120 790 260 800 360 822 460 844 540 820 600 800V900H0Z" />
            </svg>
        </div>
    }
}
