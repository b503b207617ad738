package main

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
)

//nolint:gochecknoglobals // a flag of the test
var pictures = flag.Bool("pictures", false, "rewrite the pictures of the README")

// picture keeps what a telephone shows of the page, as .github/pictures/{name}.png, when pictures are asked for.
func (b *tab) picture(name string) {
	b.t.Helper()
	b.pictureAt(name, phone)
}

// pictureAt is picture on a screen of a width.
func (b *tab) pictureAt(name string, pixels int64) {
	b.t.Helper()
	if !*pictures {
		return
	}
	b.width(pixels)
	whole := true
	size := call(b, page.GetLayoutMetrics, cdp.Empty{}).CSSContentSize
	shot := call(b, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: &whole,
		Clip:                  &page.Viewport{Width: float64(pixels), Height: size.Height, Scale: 0.75},
	})
	b.width(phone)
	if err := os.WriteFile(filepath.Join("../../.github/pictures", name+".png"), fewColours(b.t, shot.Data), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// fewColours keeps the 256 most frequent colours, all that a page of text needs: a third of the size.
func fewColours(t *testing.T, shot []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	often := map[color.Color]int{}
	for y := range full.Bounds().Dy() {
		for x := range full.Bounds().Dx() {
			often[full.At(x, y)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(often), func(a, b color.Color) int { return often[b] - often[a] })
	small := image.NewPaletted(full.Bounds(), colours[:min(len(colours), 256)])
	draw.Draw(small, small.Bounds(), full, image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
