"""Which people of the catalogue a text calls "she"; the others it knows are called "he". Ids only, no grammar."""

from typing import Final

from streams.statements.words import vocabulary

WOMEN: Final = vocabulary(
    """alexandria-ocasio-cortez alicia-kearns alice-weidel allison-hart ana-brnabic angela-merkel angela-stent
    anita-anand anitta-hipper ann-linde anna-paulina-luna annalena-baerbock anne-applebaum anniken-huitfeldt
    avril-haines baiba-braze barbara-woodward beate-meinl-reisinger bridget-brink catherine-colonna catherine-connolly
    catherine-vautrin choe-son-hui christine-lagarde christine-lambrecht chrystia-freeland claudia-sheinbaum
    dalia-grybauskaite delcy-rodriguez dorothy-shea dovile-sakaliene droupadi-murmu elina-valtonen elisabeth-borne
    elise-stefanik elizabeth-warren elly-schlein elvira-nabiullina emily-thornberry eva-maria-liimets evika-silina
    fiona-hill florence-parly giorgia-meloni hadja-lahbib hanna-maliar helen-mcentee helga-schmid hillary-clinton
    hua-chunying iliana-iotova inara-murniece inga-ruginiene ingrida-simonyte inna-sovsun iryna-vereshchuk
    jacinda-ardern jana-cernochova janet-yellen jeanne-shaheen jen-psaki jill-biden julianne-smith julie-davis
    kaja-kallas kajsa-ollongren kamala-harris karin-keller-sutter karin-kneissl karine-jean-pierre karoline-leavitt
    katalin-novak katarina-mathernova katrin-jakobsdottir kemi-badenoch kim-yo-jong kira-rudik klaudia-tanner
    kristalina-georgieva kristrun-frostadottir lauren-boebert lesia-vasylenko linda-thomas-greenfield lisa-murkowski
    liz-truss ludivine-dedonder luminita-odobescu magdalena-andersson maia-sandu maka-botchorishvili mao-ning
    margaret-macmillan margarita-robles margarita-simonyan maria-kolesnikova maria-lvova-belova
    maria-malmer-stenergard maria-zakharova marie-agnes-strack-zimmermann marine-le-pen marjorie-taylor-greene
    marta-kos melania-trump melanie-joly melinda-simmons mette-frederiksen michelle-bachelet mirjana-spoljaric
    naledi-pandor nancy-pelosi natalia-gavrilita natasa-pirc-musar nikki-haley oana-lungescu oana-toiu
    oksana-markarova olena-zelenska olha-stefanishyna paula-pinho penny-wong pramila-jayapal rachel-reeves
    radmila-sekerinska retno-marsudi roberta-metsola rosemary-dicarlo ruchira-kamboj sabrina-singh sahra-wagenknecht
    salome-zourabichvili sanae-takaichi sanna-marin solomiia-bobrovska sophie-wilmes susie-wiles
    sviatlana-tsikhanouskaya tammy-bruce tanja-fajon tatiana-stanovaya tatyana-moskalkova theresa-may tsai-ing-wen
    tulsi-gabbard ursula-von-der-leyen valentina-matviyenko victoria-nuland viola-amherd wendy-sherman yoko-kamikawa
    yulia-navalnaya yulia-svyrydenko yulia-tymoshenko yvette-cooper zuzana-caputova"""
)
